"""Run what a coder wrote, and let a coder that can repair have another try when the program fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar, runtime_checkable

from planimeter.coder import Coder, Program, Request
from planimeter.errors import PlanimeterError, ProgramError

Result = TypeVar("Result")


@runtime_checkable
class Repairs(Protocol):
    """A coder that can be told what went wrong."""

    def repair(self, request: Request, program: Program, error: PlanimeterError) -> Program:
        """Another program, or ``error`` again when there is no use in trying."""
        ...


def run_with_repair(coder: Coder, request: Request, run: Callable[[Program], Result]) -> Result:
    """Have a program written and run; a program that fails goes back to a coder that can repair.

    Args:
        coder: who writes.
        request: what for.
        run: runs a program; its ``ProgramError`` goes back to the coder.

    Raises:
        PlanimeterError: what the coder raises, or what the last program ended with.
    """
    program = coder.write(request)
    while True:
        try:
            return run(program)
        except ProgramError as error:
            if not isinstance(coder, Repairs):
                raise
            program = coder.repair(request, program, error)
