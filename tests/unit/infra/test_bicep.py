"""Each file of infra/ can be read, and what it names is there: what `bicep build` would say first."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest

from shared.settings import CONNECTIONS, VARIABLES

from .bicep import INFRA, ROOT, Declaration, File, files, outputs_read, params, properties, text

FUNCTIONS_OF_BICEP = {"az", "sys"}
PINNED = re.compile(r"br/public:avm/res/[a-z-]+/[a-z-]+:\d+\.\d+\.\d+")
RESOURCE = re.compile(r"Microsoft\.[A-Za-z]+(/[A-Za-z]+)+@\d{4}-\d\d-\d\d")
EVERY = [pytest.param(file, id=str(path.relative_to(INFRA))) for path, file in files().items()]


@pytest.mark.parametrize("file", EVERY)
def test_it_can_be_read(file: File) -> None:
    assert file.errors() == []


@pytest.mark.parametrize("file", EVERY)
def test_every_name_in_it_is_declared_in_it(file: File) -> None:
    unknown = [file.at(node, name) for name, node in file.used() if name not in file.declared | _NAMESPACES]
    assert unknown == []


@pytest.mark.parametrize("file", EVERY)
def test_every_parameter_variable_and_module_is_used_or_builds_something(file: File) -> None:
    used = {name for name, _ in file.used()}
    idle = [each for kind in ("parameter", "variable") for each in file.of(kind) if each.name not in used]
    assert [file.at(each.node, each.name) for each in idle] == []


@pytest.mark.parametrize("file", EVERY)
def test_a_module_is_given_what_it_asks_for_and_nothing_else(file: File) -> None:
    for module in file.of("module"):
        if not module.source.startswith("br/"):
            asked = {each.name: each for each in _target(file, module).of("parameter")}
            given = params(module)
            assert given.keys() <= asked.keys(), file.at(module.node, f"{module.name} takes no such parameter")
            missing = {name for name, each in asked.items() if each.required} - given.keys()
            assert missing == set(), file.at(module.node, f"{module.name} is not given")


@pytest.mark.parametrize("file", EVERY)
def test_an_output_that_is_read_is_there(file: File) -> None:
    local = {each.name: each for each in file.of("module") if not each.source.startswith("br/")}
    for module, output, node in outputs_read(file):
        assert module in file.declared, file.at(node, module)
        if module in local:
            outputs = {each.name for each in _target(file, local[module]).of("output")}
            assert output in outputs, file.at(node, f"{module} has no output {output}")


@pytest.mark.parametrize("file", EVERY)
def test_modules_of_the_registry_and_types_of_resources_are_pinned(file: File) -> None:
    for module in file.of("module"):
        assert PINNED.fullmatch(module.source) or (file.path.parent / module.source).is_file(), module.source
    for resource in file.of("resource"):
        assert RESOURCE.fullmatch(resource.source), file.at(resource.node, resource.source)


def test_one_version_of_a_module_everywhere() -> None:
    sources = {each.source for file in files().values() for each in file.of("module")}
    names = [each.partition(":")[2].rpartition(":")[0] for each in sources if each.startswith("br/")]
    assert len(names) == len(set(names))


def test_every_part_is_built_and_every_parameter_file_names_parameters_of_main() -> None:
    main = files()[INFRA / "main.bicep"]
    built = {INFRA / each.source for each in main.of("module") if not each.source.startswith("br/")}
    assert built == set((INFRA / "app").glob("*.bicep"))
    given = json.loads((INFRA / "main.parameters.json").read_text())["parameters"]
    asked = {each.name: each for each in main.of("parameter")}
    assert given.keys() <= asked.keys()
    assert {name for name, each in asked.items() if each.required} <= given.keys()


def test_a_workflow_gives_every_variable_that_the_parameters_read() -> None:
    """One that is missing there would be taken back to its default by a deployment from GitHub."""
    read = set(re.findall(r"\$\{(\w+)", (INFRA / "main.parameters.json").read_text()))
    for name in ("deploy", "infra"):
        workflow = (ROOT / ".github" / "workflows" / f"{name}.yml").read_text()
        given = {one for one, other in re.findall(r"(\w+): \$\{\{ vars\.(\w+) \}\}", workflow) if one == other}
        assert read <= given, name


def test_the_guide_sets_variables_that_are_read_and_reads_outputs_that_are_there() -> None:
    guide = (ROOT / "docs" / "deploy.md").read_text()
    read = set(re.findall(r"\$\{(\w+)", (INFRA / "main.parameters.json").read_text()))
    outputs = {each.name for each in files()[INFRA / "main.bicep"].of("output")}
    assert set(re.findall(r"azd env set (\w+)", guide)) <= read
    assert set(re.findall(r"azd env get-value (\w+)", guide)) <= outputs


def test_no_key_opens_anything() -> None:
    """Rule of trust: an identity, never a key, for every service that lets one choose."""
    said = {path.name: path.read_text() for path in files()}
    assert said["data.bicep"].count("allowSharedKeyAccess: false") == 2
    assert "disableLocalAuthentication: true" in said["data.bicep"]
    for part in ("messaging.bicep", "ai.bicep", "monitoring.bicep"):
        assert "disableLocalAuth: true" in said[part]
    assert not [name for name, each in said.items() if "listKeys" in each or "primaryKey" in each]


def test_the_app_is_given_every_setting_that_it_reads_and_no_other() -> None:
    api = files()[INFRA / "app" / "api.bicep"]
    read = {name for name in VARIABLES.values() if name.startswith("BATON_")}
    # A connection is a string, or three settings of an identity: Azure is given the three.
    for name, endpoint, _ in CONNECTIONS.values():
        read |= {f"{name}__{end}" for end in (endpoint, "credential", "clientId")}
    assert set(properties(api, "settings")) == read


def test_the_sample_for_a_laptop_names_the_same_settings() -> None:
    api = files()[INFRA / "app" / "api.bicep"]
    sample = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
    ours = {name for name in properties(api, "settings") if not name.endswith(("__credential", "__clientId"))}
    assert {name for name in sample if name.startswith("BATON_") or "Connection__" in name} == ours


def test_the_task_hub_is_the_one_that_the_app_asks_for() -> None:
    api = files()[INFRA / "app" / "api.bicep"]
    durable = json.loads((ROOT / "host.json").read_text())["extensions"]["durableTask"]
    runtime = properties(api, "runtime")
    assert durable["hubName"] == "%TASKHUB_NAME%"
    assert text(runtime["TASKHUB_NAME"]) == "names.hub"
    assert "name: names.hub" in text(api.declared["hub"].node)
    assert durable["storageProvider"]["connectionStringName"] in runtime


def test_the_sample_for_a_laptop_sets_what_host_json_and_the_runtime_ask_for() -> None:
    values = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
    runtime = properties(files()[INFRA / "app" / "api.bicep"], "runtime")
    asked = set(re.findall(r"%(\w+)%", (ROOT / "host.json").read_text()))
    assert asked <= values.keys() & runtime.keys()
    for name in ("AZURE_FUNCTIONS_DURABLE_STRICT_TYPING", "AzureWebJobsDisableHomepage"):
        assert values[name] == text(runtime[name]).strip("'")


def test_as_many_threads_as_activities_at_once() -> None:
    api = files()[INFRA / "app" / "api.bicep"]
    durable = json.loads((ROOT / "host.json").read_text())["extensions"]["durableTask"]
    threads = text(api.declared["threads"].node.named_children[-1])
    assert {str(durable[f"maxConcurrent{kind}Functions"]) for kind in ("Activity", "Orchestrator", "Entity")} == {
        threads
    }


def test_the_roles_are_those_that_the_comments_name() -> None:
    """The ids of Azure's built-in roles, as its documentation lists them."""
    known = {
        "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
        "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
        "db58b8e5-c6ad-4a2a-8342-4190687cbf4a": "Storage Blob Delegator",
        "974c5e8b-45b9-4653-ba55-5f855dd0fb88": "Storage Queue Data Contributor",
        "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
        "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0": "Azure Service Bus Data Receiver",
        "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39": "Azure Service Bus Data Sender",
        "09976791-48a7-449e-bb21-39d1a415f350": "Communication and Email Service Owner",
        "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
        "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
        "0ad04412-c4d5-4796-b79c-f76d14c8d402": "Durable Task Data Contributor",
        "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd": "Cognitive Services OpenAI User",
        "53ca6127-db72-4b80-b1b0-d745d6d5456d": "Foundry User",
    }
    line = re.compile(r"'([0-9a-f-]{36})' // ([^:\n]+)")
    said = dict(line.findall((INFRA / "app" / "rbac.bicep").read_text()))
    assert said == known
    roles = properties(files()[INFRA / "app" / "rbac.bicep"], "roles")
    used = re.findall(r"roles\.(\w+)", (INFRA / "app" / "rbac.bicep").read_text())
    assert set(used) == roles.keys()


def _target(file: File, module: Declaration) -> File:
    return files()[file.path.parent / module.source]


_NAMESPACES: Mapping[str, None] = dict.fromkeys(FUNCTIONS_OF_BICEP)
