"""What public programmes promise, whatever a row says."""

from __future__ import annotations

from matching.schema import CareKind, Provider

CUNA_MAS_MIN_MONTHS = 6
CUNA_MAS_MAX_MONTHS = 36
CUNA_MAS_LAST_ENROLMENT_MONTHS = 30
"""Cuna Más day care (Servicio de Cuidado Diurno): children from 6 to 36 months, new ones until they are 30
months old, free, Monday to Friday from 8:00 to 16:00. Source: the programme's own rules (MIDIS, Programa
Nacional Cuna Más)."""
CUNA_MAS_OPENS = "08:00"
CUNA_MAS_CLOSES = "16:00"


def enrolment_months(provider: Provider) -> tuple[int, int]:
    """The ages, first and last, at which this provider takes a child who is new."""
    if provider.kind is CareKind.CUNA_MAS:
        return (
            max(provider.min_months, CUNA_MAS_MIN_MONTHS),
            min(provider.max_months, CUNA_MAS_LAST_ENROLMENT_MONTHS),
        )
    return provider.min_months, provider.max_months
