"""The ways out, through Twilio's REST API."""
