"""Problem 1: what a DAG is, said in words and shown on a graph that is drawn from a number."""

from workbench.exercises.problem_1.drawing import Questions, drawn, questions

__all__ = ["Questions", "drawn", "questions"]
