"""Jayway JsonPath 2.0 and json-smart, as mapping templates meet them behind `$input`."""
