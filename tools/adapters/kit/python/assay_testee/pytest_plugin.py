"""Golden cases in pytest: a test that takes `assay_case` runs once for each case that its mark asks for."""

import os
import warnings

import pytest

from .golden import KnownFailures, read

ARGUMENTS = {"loss", "dtype", "regime", "slug", "variant", "known_failures"}


def pytest_addoption(parser):
    group = parser.getgroup("assay", "golden cases of loss functions")
    group.addoption("--assay-golden", metavar="DIR", help="folder of golden files (golden/v1 of a clone of Assay)")
    group.addoption("--assay-known-failures", metavar="FILE", help="cases that must fail, with their reasons")
    parser.addini("assay_golden", "folder of golden files", type="string", default="")
    parser.addini("assay_known_failures", "cases that must fail, with their reasons", type="string", default="")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "assay(loss, dtype, regime, slug, variant, known_failures): the golden cases that the test takes"
    )
    config.assay_known_failures = {}


def path_of(config, option, variable):
    """As it was given on the command line, or in a file of settings, whose folder it is then relative to."""
    if named := config.getoption(option) or os.environ.get(variable):
        return named
    named = config.getini(option)
    return os.path.join(str(config.rootpath), named) if named else None


def pytest_generate_tests(metafunc):
    if "assay_case" not in metafunc.fixturenames:
        return
    config = metafunc.config
    folder = path_of(config, "assay_golden", "ASSAY_GOLDEN")
    if not folder:
        raise pytest.UsageError("no golden files: name their folder by --assay-golden=DIR, golden/v1 of a clone of Assay")
    mark = metafunc.definition.get_closest_marker("assay")
    wanted = dict(mark.kwargs) if mark else {}
    if (mark and mark.args) or set(wanted) - ARGUMENTS:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: assay() takes {', '.join(sorted(ARGUMENTS))}, by name")
    variant, listed = wanted.pop("variant", None), wanted.pop("known_failures", None)
    listed = listed or path_of(config, "assay_known_failures", "ASSAY_KNOWN_FAILURES")
    try:
        cases = list(read(folder, **wanted))
        known = config.assay_known_failures
        if listed and listed not in known:
            known[listed] = KnownFailures(listed)
    except (OSError, ValueError) as error:
        raise pytest.UsageError(str(error)) from None
    if not cases:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: no case in {folder} is of {wanted}")
    parameters = []
    for case in cases:
        reason = known[listed].reason(case, variant) if listed else None
        marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
        parameters.append(pytest.param(case, id=f"{case.loss}/{case.dtype}/{case.slug}", marks=marks))
    metafunc.parametrize("assay_case", parameters)


def pytest_collection_finish(session):
    for listed, known in session.config.assay_known_failures.items():
        for number, glob, _, _ in known.entries:
            if number not in known.seen:
                warnings.warn(pytest.PytestWarning(f"{listed}:{number}: '{glob}' matches no case of these tests"))
