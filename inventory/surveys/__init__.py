"""Surveys: visits to places and wards, their checklist, and what each answer means."""
