"""A box never leaves out what its circle holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matching.geo import bounding_box, distance_km
from matching.schema import Point

in_peru = st.builds(Point, st.floats(-18.4, 0.1), st.floats(-81.4, -68.6))


@given(in_peru, in_peru, st.floats(0.1, 200))
def test_whatever_is_within_the_radius_is_in_the_box(here: Point, there: Point, radius_km: float):
    box = bounding_box(here, radius_km)
    if distance_km(here, there) <= radius_km:
        assert box.south <= there.lat <= box.north
        assert box.west <= there.lon <= box.east


@given(in_peru, in_peru)
def test_there_is_as_far_as_back(here: Point, there: Point):
    assert abs(distance_km(here, there) - distance_km(there, here)) < 1e-9
