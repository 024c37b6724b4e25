"""Adds up pytest's reports and ends with the plain line "N passed, N failed".

A skipped test counts as failed: nothing is left out in silence.
"""

import sys
from xml.etree import ElementTree


def main(paths: list[str]) -> int:
    """This will print the totals and return 1 when anything failed, was skipped, or none ran."""
    passed, failed = 0, 0
    for path in paths:
        for case in ElementTree.parse(path).iter("testcase"):
            outcome = next((child for child in case if child.tag in OUTCOMES), None)
            if outcome is None or outcome.get("type") == "pytest.xfail":
                passed += 1
                continue
            failed += 1
            if outcome.tag == "skipped":
                where = f"{case.get('classname')}::{case.get('name')}"
                sys.stdout.write(f"skipped, which counts as failed: {where}\n")
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 1 if failed or not passed else 0


OUTCOMES = {"failure", "error", "skipped"}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
