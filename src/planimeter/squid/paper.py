"""What the paper printed, to stand beside ours (Massih and Cosatto 2025: tables 4 and 10, section 5.3)."""

from __future__ import annotations

SYSTEMS: dict[str, str] = {
    "Q-A": "QVLM (GPT-5 + ConvNeXt)",
    "Q-B": "QVLM (GPT-oss-120B + ConvNeXt)",
    "Q-C": "QVLM (GPT-5 + DINOv3)",
    "Q-D": "QVLM (llama3.1-8B + ConvNeXt)",
    "VLM-A": "GPT-5",
    "VLM-B": "Qwen3-VL-30B-A3B-Thinking",
}
"""The paper's systems by their short names."""

BY_TIER: dict[str, tuple[float, float, float, float]] = {
    "Q-A": (53.52, 54.06, 18.84, 42.00),
    "Q-B": (43.84, 47.62, 5.88, 32.14),
    "Q-C": (40.74, 40.22, 12.20, 30.83),
    "Q-D": (39.86, 41.88, 5.79, 29.00),
    "VLM-A": (39.30, 34.09, 10.83, 28.10),
    "VLM-B": (39.01, 36.85, 3.71, 26.14),
}
"""Table 4: per cent right in tiers 1, 2, 3 and overall."""

BY_TYPE: dict[str, tuple[float, float, float, float, float, float]] = {
    "complex_multi_condition": (20.00, 6.94, 13.67, 7.14, 11.84, 4.49),
    "count": (56.74, 35.96, 55.06, 36.52, 36.52, 45.51),
    "binary_comparison": (78.49, 76.74, 79.65, 57.56, 67.44, 78.49),
    "size": (33.73, 23.49, 33.73, 24.10, 16.27, 12.65),
    "percentage": (36.94, 33.12, 26.11, 31.21, 26.75, 11.46),
    "proximity_percentage": (40.65, 37.40, 40.65, 34.15, 19.51, 26.02),
    "binary_proximity": (77.87, 86.89, 68.03, 86.07, 80.33, 81.15),
    "proximity_area": (6.54, 0.00, 1.87, 0.00, 0.00, 0.00),
    "connectivity": (74.04, 50.96, 63.46, 49.04, 37.50, 44.23),
    "fragmentation": (81.63, 63.27, 69.39, 50.00, 26.53, 26.53),
    "complex_agriculture_water_access": (23.46, 1.23, 7.41, 1.23, 3.70, 0.00),
    "building_proximity": (51.43, 31.43, 48.57, 22.86, 51.43, 51.43),
    "complex_vegetation_water_access": (0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    "complex_urban_fire_risk": (12.50, 9.38, 15.62, 6.25, 15.62, 6.25),
    "complex_urban_flood_risk": (11.11, 11.11, 11.11, 0.00, 16.67, 5.56),
    "complex_average": (0.00, 6.67, 0.00, 6.67, 0.00, 0.00),
    "power_calculation": (7.14, 0.00, 7.14, 0.00, 0.00, 0.00),
    "binary_threshold": (100.00, 100.00, 100.00, 90.91, 100.00, 100.00),
    "binary_presence": (100.00, 100.00, 100.00, 100.00, 90.00, 50.00),
    "binary_multiple": (90.00, 100.00, 90.00, 100.00, 80.00, 60.00),
    "building_fire_risk": (33.33, 33.33, 33.33, 22.22, 22.22, 44.44),
    "complex_size_filter": (66.67, 0.00, 66.67, 0.00, 66.67, 0.00),
    "total_area": (0.00, 0.00, 0.00, 0.00, 16.67, 0.00),
    "building_flood_risk": (50.00, 50.00, 50.00, 25.00, 75.00, 50.00),
}
"""Table 10: per cent right of Q-A, Q-B, Q-C, Q-D, VLM-A and VLM-B."""

TOTAL = (42.00, 32.10, 36.90, 29.00, 28.10, 26.45)
"""Table 10, last row: the final figures of the runs that table 4 had incomplete."""

SENSITIVITY: dict[str, tuple[tuple[float, float], ...]] = {
    "Q-A": ((1.0, 42.0), (2.0, 51.4)),
    "VLM-A": ((1.0, 28.1), (2.0, 33.9)),
}
"""Section 5.3: (range multiplier, per cent right)."""
