// The box of the kiosk: back, lid, and a wedge that tilts it. Lengths in millimetres, in the axes of enclosure.toml.
// Open with part="lid" and so on; `make hardware` writes dimensions.scad from enclosure.toml, and the printable files.

include <../out/dimensions.scad>

part = "all"; // back, lid, wedge, all
e = 0.02;     // cuts reach this far beyond what they cut
$fn = 32;

outer = [box_inner[0] + 2 * box_wall, box_inner[1] + 2 * box_wall];
board_top = pi_standoff + pi_board[2];

// --- The back: a tray ---------------------------------------------------------------------------------------

module back() {
    difference() {
        union() {
            difference() {
                translate([-box_wall, -box_wall, -box_wall]) rounded([outer[0], outer[1], box_inner[2] + box_wall], 3);
                cube(box_inner + [0, 0, e]);
            }
            for (at = box_posts) post(at);
            for (hole = pi_holes)
                translate([pi_at[0] + hole[0], pi_at[1] + hole[1], -e]) cylinder(d = 6, h = pi_standoff + e);
            breadboard_frame();
        }
        for (at = box_posts) translate([at[0], at[1], box_inner[2] - 14]) cylinder(d = box_screw_pilot, h = 20);
        for (hole = pi_holes)
            translate([pi_at[0] + hole[0], pi_at[1] + hole[1], 0]) cylinder(d = pi_hole_pilot, h = pi_standoff + 1);
        ports();
        air_of_back();
        for (at = wall_keyholes) keyhole(at);
    }
}

// A post for a lid screw, joined to the nearest walls, and cut off to leave room for the lid's rim.
module post(at) {
    half = box_corner_post / 2;
    near_left = at[0] < box_inner[0] / 4;
    near_right = at[0] > box_inner[0] * 3 / 4;
    x0 = near_left ? -e : at[0] - half;
    x1 = near_right ? box_inner[0] + e : at[0] + half;
    y0 = at[1] < box_inner[1] / 2 ? -e : at[1] - half;
    y1 = at[1] < box_inner[1] / 2 ? at[1] + half : box_inner[1] + e;
    translate([x0, y0, -e]) cube([x1 - x0, y1 - y0, box_inner[2] - box_lid_rim + e]);
}

// A low frame shows where the breadboard is stuck down.
module breadboard_frame() {
    translate([breadboard_at[0], breadboard_at[1], -e]) difference() {
        translate([-1.8, -1.8, 0]) cube([breadboard_size[0] + 3.6, breadboard_size[1] + 3.6, 1.5]);
        translate([-0.4, -0.4, -1]) cube([breadboard_size[0] + 0.8, breadboard_size[1] + 0.8, 4]);
        translate([12, -5, -1]) cube([breadboard_size[0] - 24, breadboard_size[1] + 10, 4]);
    }
}

module ports() {
    // USB and Ethernet: Pi 4 and Pi 5 have them in another order, so one opening serves both.
    translate([box_inner[0] - e, pi_at[1] + 1, board_top - 0.6])
        cube([box_wall + 2 * e, pi_board[1] - 1.5, pi_usb_high + 1.2]);
    translate([pi_at[0] + pi_lower_ports[0], -box_wall - e, board_top + pi_lower_plug[0]])
        cube([pi_lower_ports[1] - pi_lower_ports[0], box_wall + 2 * e, pi_lower_plug[1] - pi_lower_plug[0]]);
}

module air_of_back() {
    deep = air_side_deep[1] - air_side_deep[0];
    for (y = [air_side_left[0] : air_pitch : air_side_left[1] - air_slot])
        translate([-box_wall - e, y, air_side_deep[0]]) cube([box_wall + 2 * e, air_slot, deep]);
    for (y = [air_side_right[0] : air_pitch : air_side_right[1] - air_slot])
        translate([box_inner[0] - e, y, air_side_deep[0]]) cube([box_wall + 2 * e, air_slot, deep]);
    for (side = [air_bottom, air_bottom_right])
        for (x = [side[0] : air_pitch : side[1] - air_slot])
            translate([x, -box_wall - e, air_side_deep[0]]) cube([air_slot, box_wall + 2 * e, deep]);
}

// The head of a screw in the wall goes in at the lower end, the box then slides down on its neck.
module keyhole(at) {
    translate([at[0], at[1], -box_wall - e]) {
        cylinder(d = wall_head[0], h = box_wall + 2 * e);
        hull() {
            cylinder(d = wall_neck, h = box_wall + 2 * e);
            translate([0, wall_slide, 0]) cylinder(d = wall_neck, h = box_wall + 2 * e);
        }
    }
}

// --- The lid: the front ---------------------------------------------------------------------------------------

module lid() {
    translate([0, 0, box_inner[2]]) difference() {
        union() {
            translate([-box_wall, -box_wall, 0]) rounded([outer[0], outer[1], box_wall], 3);
            rim();
            for (hole = camera_holes)
                translate([camera_lens[0] + hole[0], camera_lens[1] + hole[1], -camera_post]) cylinder(d = 4.6, h = camera_post + e);
        }
        for (at = box_posts) translate([at[0], at[1], -10]) cylinder(d = box_screw_free, h = 20);
        for (hole = camera_holes)
            translate([camera_lens[0] + hole[0], camera_lens[1] + hole[1], -camera_post - e]) cylinder(d = camera_hole_pilot, h = camera_post + 1);
        translate([camera_lens[0], camera_lens[1], -e])
            cylinder(d1 = camera_window, d2 = camera_window + 2 * box_wall, h = box_wall + 2 * e);
        for (hole = concat([front_rgb], front_leds, front_buttons))
            translate([hole[0], hole[1], -10]) cylinder(d = hole[2], h = 20);
        for (area = [air_lid_upper, air_lid_lower]) slots_of_lid(area);
    }
}

// A rim keeps the lid in its place; it stands back from the posts and from the ports' plugs.
module rim() {
    wide = 1.8;
    difference() {
        translate([box_lid_gap, box_lid_gap, -box_lid_rim + 0.4])
            cube([box_inner[0] - 2 * box_lid_gap, box_inner[1] - 2 * box_lid_gap, box_lid_rim - 0.4 + e]);
        translate([box_lid_gap + wide, box_lid_gap + wide, -box_lid_rim])
            cube([box_inner[0] - 2 * (box_lid_gap + wide), box_inner[1] - 2 * (box_lid_gap + wide), box_lid_rim + 1]);
    }
}

module slots_of_lid(area) {
    for (x = [area[0] : air_pitch : area[1] - air_slot])
        if (abs(x + air_slot / 2 - camera_lens[0]) > 15 || area[3] < camera_lens[1])
            translate([x, area[2], -10]) cube([air_slot, area[3] - area[2], 20]);
}

// --- The wedge: between box and wall, thick end down, so that the camera looks up ----------------------------------

module wedge() {
    screw = box_wall + wall_keyholes[0][1] + wall_slide; // where the screw is when the lower edges are level
    thick = wall_wedge[2] + wall_wedge[1] * tan(tilt_deg);
    difference() {
        rotate([90, 0, 90]) linear_extrude(wall_wedge[0])
            polygon([[0, 0], [wall_wedge[1], 0], [wall_wedge[1], wall_wedge[2]], [0, thick]]);
        translate([wall_wedge[0] / 2, screw, -1]) cylinder(d = wall_neck + 0.6, h = 40);
    }
}

module rounded(size, radius) {
    linear_extrude(size[2]) translate([radius, radius]) offset(radius) square([size[0] - 2 * radius, size[1] - 2 * radius]);
}

if (part == "back" || part == "all") back();
// As it is printed: outer side down.
if (part == "lid") translate([0, box_inner[1], box_inner[2] + box_wall]) rotate([180, 0, 0]) lid();
if (part == "all") lid();
if (part == "wedge") wedge();
