"""The patterns of Durable Functions as a plain Azure Functions app: nothing in it knows which host runs it."""

import azure.durable_functions as df
import azure.functions as func
import chaining
import clients
import counter
import eternal
import family
import fan_out
import fetching
import human
import monitor

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)
for module in (chaining, clients, counter, eternal, family, fan_out, fetching, human, monitor):
    app.register_functions(module.bp)
