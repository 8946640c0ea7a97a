"""What is used of Hera; workflow files are read without it."""

from workbench.engines.members import Member

MEMBERS = (Member("hera.workflows:Workflow.to_dict", "reading what Hera has built"),)
