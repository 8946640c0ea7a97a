"""Commands about this machine."""

import typer

from workbench.cli.app import app

ICONS = {True: "✓", False: "✗", None: "–"}


@app.command()
def doctor() -> None:
    """Say what works here, and how to mend what does not; exit code 1: something does not."""
    from rich.console import Console
    from rich.table import Table

    from workbench.doctor import examine

    console, findings = Console(markup=False), []
    table = Table("what", "", "found", "how to mend it")
    with console.status("looking") as status:
        for finding in examine():
            status.update(f"looked at {finding.subject}")
            findings.append(finding)
            remedy = "" if finding.works else finding.remedy
            table.add_row(finding.subject, ICONS[finding.works], finding.state, remedy)
    console.print(table)
    if any(finding.works is False for finding in findings):
        raise typer.Exit(1)
