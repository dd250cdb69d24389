"""Where the demo is: neighbourhoods that people type, in 20 regions.

Codes are INEI's. The centres are typed in from knowledge of the cities, good to about a kilometre, a little
inland where a town lies at the sea, a lake or a river, so that nobody is found in the water.
"""

from __future__ import annotations

from typing import NamedTuple


class Zone(NamedTuple):
    """A neighbourhood. `label` fits the names, 10 characters at most. Providers lie within `spread_km` of the
    centre.

    `level` is what life costs there, 1 to 3. `languages` are spoken beside Spanish, by the given share of
    providers. `tambo`: the country begins nearby, with a tambo (the State's rural service centres).
    """

    label: str
    ubigeo: str
    lat: float
    lon: float
    spread_km: float
    providers: int
    level: int = 1
    languages: tuple[str, ...] = ()
    share: float = 0.0
    tambo: bool = False


QUECHUA = ("quechua",)

ZONES = (
    # Lima, north
    Zone("Collique", "150110", -11.915, -77.020, 1.5, 18, 1, QUECHUA, 0.15),
    Zone("Comas", "150110", -11.947, -77.052, 1.5, 10),
    Zone("Carabayllo", "150106", -11.894, -77.034, 1.3, 8),
    Zone("Pte Piedra", "150125", -11.866, -77.074, 1.5, 10),
    Zone("Los Olivos", "150117", -11.980, -77.072, 1.5, 10, 2),
    Zone("SMP", "150135", -12.010, -77.075, 1.5, 9, 2),
    Zone("Ermitaño", "150112", -11.992, -77.052, 1.0, 8),
    # Lima, east
    Zone("Cto Grande", "150132", -11.985, -77.006, 1.3, 13, 1, QUECHUA, 0.15),
    Zone("Huáscar", "150132", -11.957, -76.996, 1.0, 11, 1, QUECHUA, 0.2),
    Zone("Zárate", "150132", -12.024, -77.003, 0.8, 7, 2),
    Zone("Vitarte", "150103", -12.026, -76.920, 1.5, 10, 1, QUECHUA, 0.15),
    Zone("Huaycán", "150103", -12.013, -76.822, 1.2, 13, 1, QUECHUA, 0.3),
    Zone("Sta Anita", "150137", -12.044, -76.967, 1.2, 7, 2),
    Zone("Agustino", "150111", -12.043, -76.998, 1.0, 7),
    Zone("Chosica", "150118", -11.937, -76.697, 0.8, 6),
    Zone("Manchay", "150123", -12.120, -76.868, 1.2, 7, 1, QUECHUA, 0.25),
    # Lima, centre and south
    Zone("Cercado", "150101", -12.047, -77.045, 1.2, 7, 2, ("shipibo",), 0.15),
    Zone("Gamarra", "150115", -12.067, -77.014, 1.0, 8, 2),
    Zone("Rímac", "150128", -12.027, -77.028, 0.9, 7),
    Zone("Surco", "150140", -12.140, -76.990, 1.5, 7, 3),
    Zone("VES", "150142", -12.213, -76.937, 1.8, 14, 1, QUECHUA, 0.15),
    Zone("VMT", "150143", -12.162, -76.940, 1.2, 10),
    Zone("Tablada", "150143", -12.188, -76.927, 0.9, 6),
    Zone("SJM", "150133", -12.160, -76.968, 1.2, 8),
    Zone("Pamplona", "150133", -12.145, -76.967, 1.0, 11, 1, QUECHUA, 0.2),
    Zone("Chorrillos", "150108", -12.183, -77.008, 1.2, 7, 2),
    # Callao
    Zone("Ventanilla", "070106", -11.877, -77.124, 1.0, 10),
    Zone("Pachacútec", "070106", -11.835, -77.145, 1.0, 10),
    Zone("Mi Perú", "070107", -11.855, -77.122, 0.7, 6),
    Zone("Callao", "070101", -12.052, -77.115, 1.2, 9),
    # Áncash
    Zone("Huaraz", "020101", -9.530, -77.528, 0.8, 7, 1, QUECHUA, 0.4),
    Zone("Nicrupampa", "020105", -9.518, -77.530, 0.7, 6, 1, QUECHUA, 0.4, tambo=True),
    Zone("Chimbote", "021801", -9.072, -78.575, 1.0, 9),
    Zone("N Chimbote", "021809", -9.125, -78.523, 1.0, 9),
    # Arequipa
    Zone("C Colorado", "040104", -16.370, -71.560, 1.5, 11, 1, QUECHUA, 0.2),
    Zone("Cayma", "040103", -16.360, -71.545, 1.2, 9, 2, QUECHUA, 0.15),
    Zone("Paucarpata", "040112", -16.428, -71.505, 1.2, 10, 1, QUECHUA, 0.2),
    Zone("Arequipa", "040101", -16.399, -71.537, 0.8, 6, 2),
    # Ayacucho
    Zone("Ayacucho", "050101", -13.160, -74.225, 1.0, 10, 1, QUECHUA, 0.6, tambo=True),
    Zone("S Juan Bta", "050110", -13.168, -74.219, 0.7, 6, 1, QUECHUA, 0.6),
    # Cajamarca
    Zone("Cajamarca", "060101", -7.160, -78.510, 1.3, 10, 1, QUECHUA, 0.1, tambo=True),
    # Cusco
    Zone("Cusco", "080101", -13.518, -71.972, 0.8, 6, 2, QUECHUA, 0.4),
    Zone("S Sebast.", "080105", -13.530, -71.935, 1.0, 10, 1, QUECHUA, 0.5),
    Zone("Santiago", "080106", -13.530, -71.985, 0.9, 10, 1, QUECHUA, 0.5, tambo=True),
    # Huancavelica
    Zone("Hvelica", "090101", -12.786, -74.973, 0.8, 5, 1, QUECHUA, 0.7, tambo=True),
    # Huánuco
    Zone("Huánuco", "100101", -9.930, -76.242, 0.9, 6, 1, QUECHUA, 0.2),
    # Ica
    Zone("Ica", "110101", -14.068, -75.728, 1.3, 10),
    # Junín
    Zone("Huancayo", "120101", -12.068, -75.208, 0.9, 7, 2, QUECHUA, 0.2),
    Zone("El Tambo", "120114", -12.050, -75.222, 1.0, 10, 1, QUECHUA, 0.2),
    Zone("Chilca", "120107", -12.083, -75.203, 0.9, 9, 1, QUECHUA, 0.25),
    # La Libertad
    Zone("Porvenir", "130102", -8.080, -79.003, 1.0, 11),
    Zone("Esperanza", "130105", -8.075, -79.045, 1.2, 11),
    Zone("Trujillo", "130101", -8.109, -79.028, 1.0, 7, 2),
    # Lambayeque
    Zone("JLO", "140105", -6.757, -79.838, 1.0, 11),
    Zone("Chiclayo", "140101", -6.773, -79.845, 1.0, 8, 2),
    # Loreto
    Zone("Iquitos", "160101", -3.752, -73.255, 0.7, 7),
    Zone("Belén", "160112", -3.768, -73.260, 0.6, 8),
    Zone("Punchana", "160108", -3.728, -73.255, 0.7, 8),
    Zone("San Juan", "160113", -3.785, -73.290, 1.2, 9, tambo=True),
    # Madre de Dios
    Zone("Maldonado", "170101", -12.598, -69.195, 0.8, 5, 1, QUECHUA, 0.2),
    # Piura
    Zone("Piura", "200101", -5.190, -80.635, 1.0, 7, 2),
    Zone("Castilla", "200104", -5.200, -80.615, 1.0, 10),
    Zone("26 Octubre", "200115", -5.183, -80.675, 1.2, 10),
    # Puno
    Zone("Juliaca", "211101", -15.493, -70.135, 1.5, 11, 1, ("quechua", "aymara"), 0.5),
    Zone("Puno", "210101", -15.843, -70.030, 0.8, 9, 1, ("aymara", "quechua"), 0.5, tambo=True),
    # San Martín
    Zone("Tarapoto", "220901", -6.488, -76.365, 0.9, 6),
    # Tacna
    Zone("Tacna", "230101", -18.013, -70.250, 0.9, 6, 2, ("aymara",), 0.2),
    Zone("Albarracín", "230110", -18.042, -70.250, 1.0, 9, 1, ("aymara",), 0.35),
    # Ucayali
    Zone("Pucallpa", "250101", -8.383, -74.550, 1.2, 9, 1, ("shipibo",), 0.2),
    Zone("Yarina", "250105", -8.350, -74.580, 1.0, 9, 1, ("shipibo",), 0.4, tambo=True),
)
