// Dear ImGui's compile-time configuration (IMGUI_USER_CONFIG), the same for every target.
#pragma once

// A page draws more than 64 k vertices in one list, and without vertex offsets 16-bit indices would wrap round.
#define ImDrawIdx unsigned int

#define IMGUI_DISABLE_DEBUG_TOOLS
