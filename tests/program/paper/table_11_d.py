gsd = 0.3
# Segment image for agricultural land and roofs (buildings)
seg_result = segment_image_from_path(IMAGE_PATH, ["agric", "roof"], gsd=gsd)
shapes = seg_result["shapes"]
total_pixels = seg_result["total_pixels"]
# Separate shapes by class
agric_shapes = [s for s in shapes if s["class_type"] == "agric"]
roofs = [s for s in shapes if s["class_type"] == "roof"]
# Filter roofs by area > 0.01 hectares
min_hectares = 0.01
large_roofs = [s for s in roofs if s.get("area_hectares", 0) > min_hectares]
# Clip large roofs to portions within 200 m of any agricultural land
distance_m = 200.0
roofs_within = find_shapes_within_distance(large_roofs, agric_shapes, distance_m, resolution=gsd)
cnt_blgd_within = len(roofs_within)
# Print intermediate findings
print(f"Initial agric shapes: {len(agric_shapes)}")
print(f"Initial roof shapes: {len(roofs)}")
print(f"Large roofs (> {min_hectares} ha): {len(large_roofs)}")
print(f"Clipped roof within {distance_m} m of agric: {len(roofs_within)}")
print(f"Large buildings within {distance_m} m of agric: {cnt_blgd_within}")
answer = cnt_blgd_within
