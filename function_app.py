"""The app as Azure Functions and the embedded host find it: blueprints, nothing else."""

import azure.durable_functions as df

from functions import messages, timers
from functions.activities import (
    analyze,
    books,
    confirmations,
    contacts,
    distribute,
    encryption,
    generate,
    journeys,
    privacy,
    process,
    qualify,
    schedule,
    sightings,
    tasks,
)
from functions.http.table import BLUEPRINTS
from functions.orchestrators import (
    bookkeeping,
    campaign,
    contact_import,
    discovery,
    distribution,
    erasure,
    journey,
    opt_in,
    piece,
    renewal,
    task,
    watch,
)
from functions.orchestrators import process as run

app = df.DFApp()

FLOWS = (
    campaign,
    distribution,
    contact_import,
    opt_in,
    piece,
    task,
    erasure,
    renewal,
    run,
    journey,
    bookkeeping,
    discovery,
    watch,
)
STEPS = (
    generate,
    schedule,
    distribute,
    analyze,
    contacts,
    confirmations,
    tasks,
    privacy,
    encryption,
    process,
    journeys,
    books,
    qualify,
    sightings,
)
for module in (*FLOWS, *STEPS, timers, messages):
    app.register_functions(module.bp)
for blueprint in BLUEPRINTS:
    app.register_functions(blueprint)
