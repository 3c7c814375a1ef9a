"""Mixed-integer programmes for HiGHS, built as sparse arrays.

An algebraic modelling layer spends more time on building a siting model than HiGHS on solving it,
so the columns and rows are NumPy arrays from the start.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from analysis.siting.models.model import BoolArray, Columns, FloatArray, IntArray, Tell

INTEGRALITY = 1e-6


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise cost @ x subject to row_lower <= matrix @ x <= row_upper and bounds on x.

    Parameters
    ----------
    cost, lower, upper : arrays of shape (columns,)
    integer : bool array of shape (columns,)
    matrix : sparse array of shape (rows, columns)
    row_lower, row_upper : arrays of shape (rows,)
    """

    cost: FloatArray
    lower: FloatArray
    upper: FloatArray
    integer: BoolArray
    matrix: sparse.csr_array
    row_lower: FloatArray
    row_upper: FloatArray

    def with_row(self, coefficients: FloatArray, lower: float, upper: float) -> Program:
        """Programme with one more row."""
        row = sparse.csr_array(coefficients[None, :])
        return replace(
            self,
            matrix=sparse.csr_array(sparse.vstack([self.matrix, row], format="csr")),
            row_lower=np.append(self.row_lower, lower),
            row_upper=np.append(self.row_upper, upper),
        )

    def with_cost(self, cost: FloatArray) -> Program:
        """Programme with another objective."""
        return replace(self, cost=cost)

    def with_fixed(self, columns: IntArray, values: FloatArray) -> Program:
        """Programme with some columns fixed."""
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[columns] = upper[columns] = values
        return replace(self, lower=lower, upper=upper)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What HiGHS made of a programme.

    Parameters
    ----------
    values : array or None
        Best solution, if there is one; whole columns are exactly whole.
    objective, bound : float
    complete : bool
        False when it was stopped before the proof.
    row_duals : array of shape (rows,) or None
        Of a programme without whole columns.
    """

    values: FloatArray | None
    objective: float
    bound: float
    complete: bool
    row_duals: FloatArray | None = None


def solve(
    program: Program,
    *,
    start: FloatArray | None = None,
    tell: Tell | None = None,
    most_nodes: int | None = None,
) -> Outcome:
    """Solve a programme to a proven optimum, or until it is told to stop.

    Parameters
    ----------
    program : Program
    start : array of shape (columns,), optional
        A feasible solution to begin with.
    tell : callable, optional
        Called with best objective, bound and the whole columns that are one; True stops the solve.
    most_nodes : int, optional
        Stops it after so many branches: at the same place on every machine.

    Raises
    ------
    RuntimeError
        If HiGHS ends in a way that is neither optimal, infeasible nor stopped.
    """
    model = _model(program)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        model.setSolution(solution)
    if most_nodes is not None:
        model.setOptionValue("mip_max_nodes", most_nodes)
    if tell is not None:
        _attach(model, program, tell)
    model.run()
    status = model.getModelStatus()
    found = highspy.HighsModelStatus
    if status in {found.kInfeasible, found.kUnboundedOrInfeasible}:
        return Outcome(None, np.inf, np.inf, complete=True)
    stopped = status in {found.kInterrupt, found.kTimeLimit, found.kSolutionLimit}
    if status != found.kOptimal and not stopped:
        raise RuntimeError(f"HiGHS ended with '{model.modelStatusToString(status)}'")
    info = model.getInfo()
    has_solution = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(model.getSolution().col_value) if has_solution else None
    if values is not None:
        values[program.integer] = np.round(values[program.integer])
    objective = info.objective_function_value if has_solution else np.inf
    if program.integer.any():
        return Outcome(values, objective, info.mip_dual_bound, complete=not stopped)
    return Outcome(values, objective, objective, not stopped, np.array(model.getSolution().row_dual))


def relax(program: Program) -> Outcome:
    """Solve the linear relaxation by interior point, and stay there.

    The centre of the best prices rules out far more sites than a corner of them does. It is optimal to
    a tolerance only; who uses its prices sums up afresh what they prove.
    """
    model = _model(replace(program, integer=np.zeros(len(program.cost), dtype=bool)))
    model.setOptionValue("solver", "ipm")
    model.setOptionValue("run_crossover", "off")
    # The programmes are reduced already: looking for more takes longer than it saves.
    model.setOptionValue("presolve", "off")
    model.run()
    solution = model.getSolution()
    if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible or not solution.dual_valid:
        return Outcome(None, np.inf, np.inf, complete=True)
    objective = model.getInfo().objective_function_value
    return Outcome(np.array(solution.col_value), objective, objective, True, np.array(solution.row_dual))


def _model(program: Program) -> Any:
    model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    # One thread: the same path, and so the same answer, on every machine.
    model.setOptionValue("parallel", "off")
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 1e-7)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), program.matrix.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = program.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = program.matrix.data.astype(float)
    whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    if program.integer.any():
        lp.integrality_ = [whole if is_integer else real for is_integer in program.integer]
    model.passModel(lp)
    return model


def _attach(model: Any, program: Program, tell: Tell) -> None:
    latest = [np.inf, -np.inf]
    best: list[Columns] = [()]

    def on_logging(event: Any) -> None:
        latest[:] = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound

    def on_solution(event: Any) -> None:
        latest[0] = event.data_out.objective_function_value
        whole = np.asarray(event.data_out.mip_solution)
        best[0] = tuple(np.flatnonzero(program.integer & (whole > 0.5)).tolist())

    def on_interrupt(event: Any) -> None:
        if tell(latest[0], latest[1], best[0]):
            event.interrupt()

    model.cbMipLogging.subscribe(on_logging)
    model.cbMipImprovingSolution.subscribe(on_solution)
    for moment in (model.cbMipInterrupt, model.cbSimplexInterrupt, model.cbIpmInterrupt):
        moment.subscribe(on_interrupt)
