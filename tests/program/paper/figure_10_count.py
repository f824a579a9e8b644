result = segment_image_from_path(
    IMAGE_PATH,
    ["urban", "forest", "agric", "grass", "barren", "water", "solar", "roof"],
    gsd=gsd,
)
shapes = result["shapes"]
topics = ["urban", "forest", "agric", "grass", "barren", "water", "solar", "roof"]
for t in topics:
    count = sum(1 for s in shapes if s["class_type"] == t)
    print(f"{t}: {count}")
urban_large = [
    s for s in shapes
    if s["class_type"] == "urban" and s.get("area_hectares", 0) >= 0.1
]
answer = len(urban_large)
