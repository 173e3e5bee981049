# SPDX-License-Identifier: MIT
# The flags every object is compiled with. `trueup_flags` is linked by each
# room, command and test; nothing else sets a flag.
add_library(trueup_flags INTERFACE)

target_compile_definitions(trueup_flags INTERFACE _GNU_SOURCE
	TRUEUP_VERSION="${PROJECT_VERSION}")
target_compile_options(trueup_flags INTERFACE
	-include ${PROJECT_SOURCE_DIR}/reconcile/base/banned.h
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
	-Wstrict-prototypes -Wold-style-definition -Wmissing-prototypes
	-Wmissing-declarations -Wredundant-decls -Wnested-externs -Wcast-qual
	-Wcast-align -Wwrite-strings -Wpointer-arith -Wundef -Wvla -Walloca
	-Wformat=2 -Wswitch-enum -Wimplicit-fallthrough -Wfloat-equal
	-Wdouble-promotion -Wnull-dereference -Wunused-macros
	-Wbad-function-cast
	-fno-strict-overflow -fno-delete-null-pointer-checks -fno-common
	-fvisibility=hidden
	$<$<BOOL:${TRUEUP_WERROR}>:-Werror>)

if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
	target_compile_options(trueup_flags INTERFACE
		-Wlogical-op -Wduplicated-cond -Wduplicated-branches
		-Wjump-misses-init -Wformat-overflow=2 -Wformat-truncation=2
		-Wformat-signedness -Walloc-zero -Wtrampolines
		-Warith-conversion)
	if(NOT TRUEUP_SANITIZE)
		target_compile_options(trueup_flags INTERFACE
			-Wstack-usage=16384 -ftrivial-auto-var-init=zero)
	endif()
else()
	target_compile_options(trueup_flags INTERFACE
		-Wcomma -Wassign-enum -Wconditional-uninitialized
		-Wunreachable-code-aggressive -Wshorten-64-to-32
		-Wextra-semi-stmt)
endif()

if(TRUEUP_SANITIZE)
	target_compile_definitions(trueup_flags INTERFACE TRUEUP_SANITIZE)
	target_compile_options(trueup_flags INTERFACE
		-fsanitize=address,undefined -fno-sanitize-recover=all
		-fno-omit-frame-pointer)
	target_link_options(trueup_flags INTERFACE
		-fsanitize=address,undefined)
else()
	target_compile_options(trueup_flags INTERFACE
		-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong
		-fstack-clash-protection)
	if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|i.86")
		target_compile_options(trueup_flags INTERFACE
			-fcf-protection=full)
	endif()
endif()
if(TRUEUP_FUZZ)
	target_compile_options(trueup_flags INTERFACE
		-fsanitize=fuzzer-no-link)
endif()
target_link_options(trueup_flags INTERFACE
	-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
