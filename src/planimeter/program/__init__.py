"""Programs: the functions they may call, the check, the sandbox they run in, the trace they leave."""

from planimeter.program.api import ApiFunction, describe, functions
from planimeter.program.check import check_program
from planimeter.program.limits import Limits
from planimeter.program.problem import Problem
from planimeter.program.run import run_program
from planimeter.program.sandbox import warm_up
from planimeter.program.trace import Call, Evidence, Run

__all__ = [
    "ApiFunction",
    "Call",
    "Evidence",
    "Limits",
    "Problem",
    "Run",
    "check_program",
    "describe",
    "functions",
    "run_program",
    "warm_up",
]
