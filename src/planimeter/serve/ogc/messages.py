"""What requests and replies of OGC API – Processes look like, version 1.0."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

JobStatus = Literal["accepted", "running", "successful", "failed", "dismissed"]


class Link(BaseModel):
    """Where something else is."""

    href: str
    rel: str
    type: str | None = None
    title: str | None = None


class LandingPage(BaseModel):
    """Where everything begins."""

    title: str
    description: str
    links: list[Link]


class Conformance(BaseModel):
    """What of the standard is there."""

    conformsTo: list[str]


class ProcessSummary(BaseModel):
    """What a process is."""

    id: str
    version: str
    title: str
    description: str
    keywords: list[str]
    jobControlOptions: list[Literal["sync-execute", "async-execute", "dismiss"]]
    outputTransmission: list[Literal["value", "reference"]]
    links: list[Link]


class InputDescription(BaseModel):
    """What a process takes."""

    title: str
    description: str
    minOccurs: int
    maxOccurs: int = 1
    schema_: dict[str, Any] = Field(alias="schema", serialization_alias="schema")


class OutputDescription(BaseModel):
    """What a process gives."""

    title: str
    description: str
    schema_: dict[str, Any] = Field(alias="schema", serialization_alias="schema")


class ProcessDescription(ProcessSummary):
    """What a process is, takes and gives."""

    inputs: dict[str, InputDescription]
    outputs: dict[str, OutputDescription]


class ProcessList(BaseModel):
    """The processes."""

    processes: list[ProcessSummary]
    links: list[Link]


class OutputWanted(BaseModel):
    """How an output is wanted."""

    transmissionMode: Literal["value", "reference"] = "value"
    format: dict[str, Any] | None = Field(default=None, description="each output has one format only")


class ExecuteRequest(BaseModel):
    """What a process should do."""

    inputs: dict[str, Any] = Field(
        default={},
        description="as the process describes them, each as it is, unless it is an object, or as {value: …}",
    )
    outputs: dict[str, OutputWanted] | None = Field(None, description="which are wanted; none: all")
    response: Literal["raw", "document"] = Field(
        "raw",
        description="raw: the output itself, several as parts of one reply; document: JSON that holds them",
    )


class StatusInfo(BaseModel):
    """How far a job is."""

    jobID: str
    processID: str
    type: Literal["process"] = "process"
    status: JobStatus
    message: str
    created: AwareDatetime
    started: AwareDatetime | None = None
    finished: AwareDatetime | None = None
    updated: AwareDatetime | None = None
    progress: int | None = Field(None, ge=0, le=100)
    links: list[Link]


class StatusList(BaseModel):
    """Jobs, the latest first."""

    jobs: list[StatusInfo]
    links: list[Link]
