"""A line that keeps YAML from being read is named itself, not the next one, with its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.definitions import load
from inspector.definitions.line_slips import line_slip

TEXT = """\
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: things
      KeySchema:
        - AttributeName: id
          KeyType: HASH
      BillingMode: PAY_PER_REQUEST
  Template:
    Type: X
    Properties:
      Json: |
        {"a":
          #if($x) 1 #end }
      Last: {b: c}
  Queue:
    Type: AWS::SQS::Queue
"""


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        ("      TableName: things", "     TableName: things", "Indent this line by 6 blanks"),
        ("      TableName: things", "        TableName: things", "Indent this line by 6 blanks"),
        ("      TableName: things", "    TableName: things", "Indent this line by 6 blanks"),
        (
            "      TableName: things",
            "\tTableName: things",
            "Write 6 blanks in the place of the tab",
        ),
        ("      TableName: things", "      TableName things", "a colon after TableName"),
        ("      TableName: things", "      TableName:things", "a blank after the colon"),
        ("    Properties:\n      TableName", "    Properties\n      TableName", "a colon after"),
        ("          KeyType: HASH", "        KeyType: HASH", "Indent this line by 10 blanks"),
        ("      Json: |\n", "      Json:\n", "Write Json: | here"),
        ('        {"a":\n', '    {"a":\n', "Indent this line by"),
    ],
)
def test_the_line_itself_is_named(old: str, new: str, mend: str, tmp_path: Path) -> None:
    assert old in TEXT
    after = TEXT.replace(old, new, 1)
    pairs = zip(TEXT.split("\n"), after.split("\n"), strict=True)
    [changed] = [number for number, (one, other) in enumerate(pairs, 1) if one != other]
    file = tmp_path / "template.yaml"
    file.write_text(after)
    [problem] = [each for each in load([file]).diagnostics if each.code == "syntax"]
    assert problem.source.line == changed, problem
    assert mend in problem.remedy


def test_what_no_mend_helps_is_left_to_its_reader() -> None:
    assert line_slip("a: [1\nb: 2\nc: {d\n", 1) is None


def test_a_huge_text_is_not_read_again_and_again() -> None:
    assert line_slip("a b\n" * 200_000 + "  c: d\n", 1) is None
