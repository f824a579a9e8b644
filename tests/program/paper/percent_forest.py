result = segment_image_from_path(IMAGE_PATH, ["forest"], gsd=0.5)
forest_px = sum(s["area_pixels"] for s in result["shapes"]
if s["class_type"] == "forest")
answer = (forest_px / result["total_pixels"]) * 100
