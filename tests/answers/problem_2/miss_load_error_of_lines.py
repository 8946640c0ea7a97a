from datetime import datetime
from airflow.sdk import DAG, task
import os
missing = [n for n in ("API_URL", "API_KEY") if n not in os.environ]
if missing:
    raise RuntimeError("""
    Set these first:
      """ + ", ".join(missing))
with DAG("example", schedule="@daily", start_date=datetime(2025, 1, 1)):
    pass
