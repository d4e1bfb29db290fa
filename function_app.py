"""The app as Azure Functions and the embedded host find it: blueprints, nothing else."""

import azure.durable_functions as df

from functions import timers
from functions.activities import analyze, contacts, distribute, generate, schedule
from functions.http.table import BLUEPRINTS
from functions.orchestrators import campaign, contact_import, distribution

app = df.DFApp()

for module in (campaign, distribution, contact_import, generate, schedule, distribute, analyze, contacts, timers):
    app.register_functions(module.bp)
for blueprint in BLUEPRINTS:
    app.register_functions(blueprint)
