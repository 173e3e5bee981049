# SPDX-License-Identifier: MIT
# add_room(NAME [USES room…] [LIBRARIES pkg-config-module…])
#
# A room is a folder under reconcile/. It is compiled against a folder of its
# own in which only its headers, base's, schema's door and the doors of the
# rooms it USES can be found: including anything else does not compile.
#
# A library `room_NAME` comes out; link programs and tests with
# link_rooms(target room…), which follows USES and LIBRARIES. A room that has
# no .c file yet is an empty one.
find_package(PkgConfig REQUIRED)

set(DOORS ${PROJECT_BINARY_DIR}/doors)

function(open_door room other)
	set(from ${PROJECT_SOURCE_DIR}/reconcile/${other}/${other}.h)
	file(MAKE_DIRECTORY ${DOORS}/${room}/${other})
	file(CREATE_LINK ${from} ${DOORS}/${room}/${other}/${other}.h SYMBOLIC)
endfunction()

function(open_whole room folder name)
	file(MAKE_DIRECTORY ${DOORS}/${room})
	file(CREATE_LINK ${folder} ${DOORS}/${room}/${name} SYMBOLIC)
endfunction()

# Sets `out` to the targets of pkg-config modules.
function(find_libraries out)
	set(found "")
	foreach(module IN LISTS ARGN)
		string(MAKE_C_IDENTIFIER ${module} id)
		if(NOT TARGET PkgConfig::${id})
			pkg_check_modules(${id} REQUIRED IMPORTED_TARGET
				GLOBAL ${module})
		endif()
		list(APPEND found PkgConfig::${id})
	endforeach()
	set(${out} ${found} PARENT_SCOPE)
endfunction()

# Sets `out` to the files of a room that exist: those named, or else all.
# The build looks again each time, so that a new file needs no `cmake`.
function(find_sources out room)
	set(names ${ARGN})
	if(NOT names)
		set(names *.c)
	endif()
	list(TRANSFORM names PREPEND ${PROJECT_SOURCE_DIR}/reconcile/${room}/)
	file(GLOB found CONFIGURE_DEPENDS ${names})
	set(${out} ${found} PARENT_SCOPE)
endfunction()

function(open_doors room)
	file(REMOVE_RECURSE ${DOORS}/${room})
	open_whole(${room} ${PROJECT_SOURCE_DIR}/reconcile/${room} ${room})
	open_whole(${room} ${PROJECT_SOURCE_DIR}/schema schema)
	if(NOT room STREQUAL "base")
		open_whole(${room} ${PROJECT_SOURCE_DIR}/reconcile/base base)
	endif()
	foreach(other IN LISTS ARGN)
		open_door(${room} ${other})
	endforeach()
endfunction()

function(add_room room)
	cmake_parse_arguments(arg "" "" "USES;LIBRARIES;SOURCES" ${ARGN})
	find_sources(sources ${room} ${arg_SOURCES})
	open_doors(${room} ${arg_USES})
	if(NOT room STREQUAL "base")
		list(PREPEND arg_USES base)
	endif()
	list(TRANSFORM arg_USES PREPEND room_)
	find_libraries(libraries ${arg_LIBRARIES})
	set(needs ${arg_USES} trueup_schema ${libraries})
	if(sources)
		add_library(room_${room} STATIC ${sources})
		target_include_directories(room_${room} PRIVATE
			${DOORS}/${room})
		target_link_libraries(room_${room} PRIVATE trueup_flags)
		set(scope PUBLIC)
	else()
		add_library(room_${room} INTERFACE) # nothing in it but a door
		set(scope INTERFACE)
	endif()
	target_link_libraries(room_${room} ${scope} ${needs})
	set_property(TARGET room_${room} PROPERTY TRUEUP_NEEDS ${needs})
	verify_headers(${room})
endfunction()

# Each header compiles alone, by the target all_verify_interface_header_sets.
function(verify_headers room)
	set(folder ${PROJECT_SOURCE_DIR}/reconcile/${room})
	file(GLOB headers CONFIGURE_DEPENDS ${folder}/*.h)
	list(FILTER headers EXCLUDE REGEX "banned\\.h$")
	if(NOT headers)
		return()
	endif()
	add_library(headers_${room} INTERFACE)
	target_sources(headers_${room} INTERFACE
		FILE_SET HEADERS BASE_DIRS ${folder} FILES ${headers})
	target_include_directories(headers_${room} INTERFACE ${DOORS}/${room})
	target_link_libraries(headers_${room} INTERFACE trueup_flags
		room_${room})
	set_target_properties(headers_${room} PROPERTIES
		VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# A program or a test sees the doors of the rooms it names (and base). As a
# room, ROOM_PART links a part of one; it has no door of its own.
function(link_rooms target)
	set(doors ${DOORS}/program_${target})
	file(REMOVE_RECURSE ${doors})
	open_whole(program_${target} ${PROJECT_SOURCE_DIR}/reconcile/base base)
	open_whole(program_${target} ${PROJECT_SOURCE_DIR}/schema schema)
	foreach(room IN LISTS ARGN)
		set(door ${PROJECT_SOURCE_DIR}/reconcile/${room}/${room}.h)
		if(NOT room STREQUAL "base" AND EXISTS ${door})
			open_door(program_${target} ${room})
		endif()
		target_link_libraries(${target} PRIVATE room_${room})
	endforeach()
	target_include_directories(${target} PRIVATE ${doors})
	target_link_libraries(${target} PRIVATE room_base trueup_schema
		trueup_flags)
	set_target_properties(${target} PROPERTIES
		POSITION_INDEPENDENT_CODE ON)
	target_link_options(${target} PRIVATE -pie)
endfunction()

# add_room_part(ROOM PART [MODULE] SOURCES file… [LIBRARIES module…])
#
# A part of a room that not every program wants: a static library
# `room_ROOM_PART`, or with MODULE a shared object `trueup-ROOM.so`, found
# beside the program or, from there, in MODULE_FOLDER, and opened by the room's
# door.
function(add_room_part room part)
	cmake_parse_arguments(arg "MODULE" "" "SOURCES;LIBRARIES" ${ARGN})
	set(target room_${room}_${part})
	find_sources(sources ${room} ${arg_SOURCES})
	if(NOT sources)
		add_library(${target} INTERFACE)
		return()
	endif()
	if(arg_MODULE)
		add_module(${target} ${room} ${sources})
	else()
		add_library(${target} STATIC ${sources})
	endif()
	target_include_directories(${target} PRIVATE ${DOORS}/${room})
	get_target_property(needs room_${room} TRUEUP_NEEDS)
	find_libraries(libraries ${arg_LIBRARIES})
	target_link_libraries(${target} PRIVATE trueup_flags ${needs}
		${libraries})
endfunction()

function(add_module target room)
	add_library(${target} MODULE ${ARGN})
	set_target_properties(${target} PROPERTIES PREFIX ""
		OUTPUT_NAME trueup-${room}
		LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
	serve_room(${target} ${room})
	if(TARGET room_${room})
		add_dependencies(room_${room} ${target})
	endif()
endfunction()

# What the room's door finds beside the program or in MODULE_FOLDER.
function(serve_room target room)
	install(TARGETS ${target} DESTINATION ${CMAKE_INSTALL_LIBDIR}/trueup)
	file(RELATIVE_PATH from_program ${CMAKE_INSTALL_FULL_BINDIR}
		${CMAKE_INSTALL_FULL_LIBDIR}/trueup)
	get_target_property(type room_${room} TYPE)
	if(NOT type STREQUAL "INTERFACE_LIBRARY")
		target_compile_definitions(room_${room} PRIVATE
			MODULE_FOLDER="${from_program}")
	endif()
endfunction()
