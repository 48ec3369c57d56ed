"""Admission policies with the rules that one object decides: CEL expressions for the engines that clusters run.

Each check is a rule of lint in another language. What it knows about KServe comes from `isvclog.kserve`, as lint's own
does: lists, limits and regular expressions are put into the expressions when a policy is written.
"""
