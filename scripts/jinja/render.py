"""Judges and renders templates with jinja2. Reads a list of {name, template, context} as JSON from
standard input, and writes what jinja2 says about each to standard output."""

import json
import sys

from jinja2 import Environment, TemplateSyntaxError, meta


def judge(environment, template, context):
    try:
        tree = environment.parse(template)
        # Unknown filters and tests are found only when jinja2 makes code of the tree.
        compiled = environment.from_string(template)
    except TemplateSyntaxError as error:
        return {"valid": False, "line": error.lineno}
    verdict = {"valid": True, "variables": sorted(meta.find_undeclared_variables(tree))}
    try:
        return {**verdict, "rendered": compiled.render(context)}
    except Exception as error:  # noqa: BLE001 - templates fail in many ways
        return {**verdict, "fails": type(error).__name__}


def main():
    environment = Environment()
    vectors = [
        {**each, **judge(environment, each["template"], each["context"])}
        for each in json.load(sys.stdin)
    ]
    json.dump(vectors, sys.stdout, ensure_ascii=False)


main()
