"""The demo campaign: Hạ Long 2021, real wards, synthetic places, a believable half of a survey."""
