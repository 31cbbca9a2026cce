"""One connector of Databar; the arguments are typed by the generated SDK."""

import connectors
import pulumi

pulumi.export("scoringId", connectors.scoring.connector_id)
