"""Judges Asset Administration Shells: the IDTA's own test engines, the verification of aas-core, and the BaSyx SDK as a reader."""

import json
import logging

import aas_core3.jsonization
import aas_core3.verification
import aas_core3_1.jsonization
import aas_core3_1.verification
from aas_test_engines import api, config, file, http
from basyx.aas import model
from basyx.aas.adapter import aasx

import peer


def leaves(result):
    """What is not well, as the engines put it; a warning is what they could not try."""
    if result.ok():
        return []
    inner = [message for part in result.sub_results for message in leaves(part)]
    return inner or [result.message]


def check_file(path):
    with open(path, "rb") as opened:
        return leaves(file.check_aasx_file(opened))


def verify(path):
    """Broken constraints of metamodel 3.0 and 3.1, of an environment as JSON."""
    with open(path, encoding="utf-8") as opened:
        content = json.load(opened)
    versions = (
        (aas_core3.jsonization, aas_core3.verification),
        (aas_core3_1.jsonization, aas_core3_1.verification),
    )
    return [
        f"{error.path}: {error.cause}"
        for jsonization, verification in versions
        for error in verification.verify(jsonization.environment_from_jsonable(content))
    ]


def read_file(path):
    """How many identifiable things of each class BaSyx finds in a package."""
    store = model.DictIdentifiableStore()
    with aasx.AASXReader(path) as reader:
        reader.read_into(store, aasx.DictSupplementaryFileContainer())
    counts = {}
    for found in store:
        name = type(found).__name__
        counts[name] = counts.get(name, 0) + 1
    return counts


def check_server(url, suite):
    """The operations that fail, and how many calls went as they should: those that must be refused, and the others."""
    result, matrix = api.execute_tests(http.HttpClient(url), config.CheckApiConfig(suite=suite))
    failed = [part.message.removeprefix("Checking ") for part in result.sub_results if not part.ok()]
    return {
        "failed": failed,
        "refused": [matrix.invalid_rejected, matrix.invalid_accepted],
        "answered": [matrix.valid_accepted, matrix.valid_rejected],
    }


logging.disable(logging.CRITICAL)
commands = {"checkFile": check_file, "verify": verify, "readFile": read_file, "checkServer": check_server}
peer.serve({}, commands)
