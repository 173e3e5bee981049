# SPDX-License-Identifier: MIT
# What `cmake --install` and `cpack -G DEB` put where. A target that is not
# built (yet) is left out.
foreach(program IN ITEMS trueup trueup-sandbox)
	if(TARGET ${program})
		install(TARGETS ${program} DESTINATION ${CMAKE_INSTALL_BINDIR})
	endif()
endforeach()

file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cmd/*.1)
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/schema/
	DESTINATION ${CMAKE_INSTALL_DATADIR}/trueup/schema
	FILES_MATCHING PATTERN "*.schema.json" PATTERN "*.yaml")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME trueup)
set(CPACK_PACKAGE_CONTACT "The trueup developers <trueup@example.org>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Loads the OAuth apps that YAML files declare, reads those that a platform
has, shows the difference as a plan that people can review, and applies
exactly that plan. trueup-sandbox is a platform to try it on.")
include(CPack)
