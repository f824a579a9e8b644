result = segment_image_from_path(IMAGE_PATH, ["urban","water"], gsd=0.5)
urban = [s for s in result["shapes"] if s["class_type"] == "urban"]
water = [s for s in result["shapes"] if s["class_type"] == "water"]
clipped = find_shapes_within_distance(urban, water, 100.0, 0.5)
answer = (sum(s["area_pixels"] for s in clipped) /
result["total_pixels"]) * 100
