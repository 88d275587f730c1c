"""Lambda functions that really run: local processes behind Lambda's Runtime API, or elsewhere.

`Functions` is what a driver asks. A local function is a `Pool` of `FunctionProcess`es, each of
which polls a `RuntimeApi` of its own on loopback, as it would inside Lambda.
"""
