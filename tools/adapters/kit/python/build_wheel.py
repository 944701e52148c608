"""Packs the wheel of assay-testee, for pip (PEP 517), with what Python brings: a build without a network."""

import base64
import hashlib
import os
import pathlib
import zipfile

VERSION = "0.2.0"
METADATA = f"""Metadata-Version: 2.1
Name: assay-testee
Version: {VERSION}
Summary: Testees of the Assay conformance suite for loss functions, and a pytest plugin over its golden files
License: Apache-2.0
Requires-Python: >=3.10
Classifier: Framework :: Pytest
License-File: LICENSE
"""
WHEEL = "Wheel-Version: 1.0\nGenerator: build_wheel\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
ENTRY_POINTS = "[pytest11]\nassay = assay_testee.pytest_plugin\n"

here = pathlib.Path(__file__).resolve().parent


def beside(*names):
    """The first of the files that there is: in the source tree, or as it is installed."""
    for name in names:
        if (here / name).is_file():
            return here / name
    raise FileNotFoundError(f"{here / names[0]} is not there; build from a whole clone, or from an installed suite")


def contents():
    for path in sorted((here / "assay_testee").glob("*.py")):
        yield f"assay_testee/{path.name}", path.read_bytes()
    judge = beside("../../../../golden/examples/judge.py", "../../../golden/examples/judge.py")
    yield "assay_testee/judge.py", judge.read_bytes()  # one judge, wherever it is asked
    about = f"assay_testee-{VERSION}.dist-info/"
    yield about + "METADATA", METADATA.encode()
    yield about + "WHEEL", WHEEL.encode()
    yield about + "entry_points.txt", ENTRY_POINTS.encode()
    yield about + "LICENSE", beside("../../../../LICENSE", "../../../../doc/assay/LICENSE").read_bytes()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = f"assay_testee-{VERSION}-py3-none-any.whl"
    record = f"assay_testee-{VERSION}.dist-info/RECORD"
    lines = []
    # The same bytes from the same files: no clock, and names in order.
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, text in contents():
            wheel.writestr(zipfile.ZipInfo(path), text, zipfile.ZIP_DEFLATED)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip("=")
            lines.append(f"{path},sha256={digest},{len(text)}\n")
        wheel.writestr(zipfile.ZipInfo(record), "".join([*lines, f"{record},,\n"]))
    return name


def build_sdist(sdist_directory, config_settings=None):
    raise NotImplementedError("assay-testee is built from its source tree; a wheel holds all of it")
