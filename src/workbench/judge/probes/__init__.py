"""What runs beside a learner's code: calls it, watches it, reports plain data; knows no expected answer."""
