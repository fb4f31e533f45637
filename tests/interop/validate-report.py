"""Checks each line of a file of reports against a JSON Schema: validate-report.py SCHEMA REPORTS.

Prints a list of booleans as JSON.
"""

import json
import sys

from jsonschema import Draft202012Validator

schema_path, reports_path = sys.argv[1:]
with open(schema_path, encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
with open(reports_path, encoding="utf-8") as file:
    print(json.dumps([validator.is_valid(json.loads(line)) for line in file]))
