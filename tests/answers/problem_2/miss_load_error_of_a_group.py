from datetime import datetime

from airflow.sdk import DAG

wrong = [ValueError("API_URL is empty"), KeyError("API_KEY")]
if wrong:
    raise ExceptionGroup("two settings are wrong", wrong)
with DAG("example", schedule="@daily", start_date=datetime(2025, 1, 1)):
    pass
