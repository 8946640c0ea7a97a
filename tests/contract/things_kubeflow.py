"""The contract's pipelines in Kubeflow's words."""


def chain():
    """first → second → third: 1, 2, 3."""
    from kfp import dsl

    @dsl.component
    def first() -> int:
        return 1

    @dsl.component
    def second(value: int) -> int:
        return value + 1

    @dsl.component
    def third(value: int) -> int:
        return value + 1

    @dsl.pipeline
    def chain():
        one = first()
        two = second(value=one.output)
        third(value=two.output)

    return chain
