# Parts of an installation besides the programs, and the Debian package (CPack; `./dev deb` runs it).
set(here ${CMAKE_CURRENT_LIST_DIR})

install(TARGETS voltctl RUNTIME)
install(FILES ${here}/voltd.service ${here}/voltd-backup.service ${here}/voltd-backup.timer
  ${here}/fleet/site/voltd-fleet.service ${here}/fleet/site/voltd-fleet-texts.service ${here}/fleet/site/voltd-fleet-texts.timer
  ${here}/fleet/hub/voltd-vmalert.service DESTINATION /lib/systemd/system)
install(FILES ${here}/voltd.sysusers DESTINATION lib/sysusers.d RENAME voltd.conf)
install(FILES ${here}/fleet/site/voltd-fleet.sysusers DESTINATION lib/sysusers.d RENAME voltd-fleet.conf)
install(PROGRAMS ${here}/fleet/site/fleet-join ${here}/fleet/site/fleet-key ${here}/fleet/site/fleet-texts DESTINATION lib/voltd)
install(FILES ${here}/fleet/site/scrape.yaml ${here}/fleet/site/relabel.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/voltd/fleet)
install(DIRECTORY ${here}/fleet/hub DESTINATION ${CMAKE_INSTALL_DATADIR}/voltd/fleet PATTERN "*.service" EXCLUDE)
# The hub loads it, so it may not only be documentation.
install(FILES ${here}/monitoring/voltd-alerts.yaml ${here}/monitoring/voltd-board.json DESTINATION ${CMAKE_INSTALL_DATADIR}/voltd/fleet/hub)
install(FILES ${CMAKE_BINARY_DIR}/generated/voltd.schema.json ${CMAKE_BINARY_DIR}/generated/openapi.json DESTINATION ${CMAKE_INSTALL_DATADIR}/voltd)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/schema/ DESTINATION ${CMAKE_INSTALL_DATADIR}/voltd/schema FILES_MATCHING PATTERN "*.sql" PATTERN agent EXCLUDE)
install(FILES ${CMAKE_SOURCE_DIR}/schema/voltd.example.yaml DESTINATION /etc/voltd)
install(FILES ${here}/package/README.md ${here}/hardware.md ${here}/devices.md ${here}/topics.md ${here}/service.md ${here}/fleet.md
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${here}/monitoring DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/schema/database.md DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME schema.md)
install(FILES ${here}/package/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
configure_file(${here}/package/changelog.in ${CMAKE_BINARY_DIR}/generated/changelog @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/generated/changelog DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(agent_docdir ${CMAKE_INSTALL_DATADIR}/doc/voltd-agent)
install(TARGETS volt-agent RUNTIME COMPONENT agent)
install(FILES ${CMAKE_BINARY_DIR}/generated/agent.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/voltd COMPONENT agent)
install(DIRECTORY ${CMAKE_BINARY_DIR}/generated/manual DESTINATION ${CMAKE_INSTALL_DATADIR}/voltd COMPONENT agent)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/schema/agent DESTINATION ${CMAKE_INSTALL_DATADIR}/voltd/schema COMPONENT agent FILES_MATCHING
  PATTERN "*.sql" PATTERN openapi.json)
install(FILES ${here}/volt-agent.service DESTINATION /lib/systemd/system COMPONENT agent)
install(FILES ${here}/volt-agent.sysusers DESTINATION lib/sysusers.d RENAME volt-agent.conf COMPONENT agent)
install(FILES ${here}/volt-agent.tmpfiles DESTINATION lib/tmpfiles.d RENAME volt-agent.conf COMPONENT agent)
install(FILES ${CMAKE_SOURCE_DIR}/daemon/man/volt-agent.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT agent)
install(FILES ${here}/agent.md DESTINATION ${agent_docdir} COMPONENT agent RENAME README.md)
install(FILES ${here}/package/copyright ${CMAKE_BINARY_DIR}/generated/changelog
  DESTINATION ${agent_docdir} COMPONENT agent)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME voltd)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL voltd agent)  # packages voltd and voltd-agent
set(CPACK_DEBIAN_VOLTD_PACKAGE_NAME voltd)
set(CPACK_PACKAGE_CONTACT "voltd maintainers <voltd@voltd.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${here}/package/compress.cmake)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
if(VOLT_DEBIAN_ARCHITECTURE)
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${VOLT_DEBIAN_ARCHITECTURE})
endif()
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
# package/depends.cmake adds the libraries, because CPack's own search supports no foreign target.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_VOLTD_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers, tzdata")
set(CPACK_PROJECT_CONFIG_FILE ${here}/package/depends.cmake)
set(CPACK_VOLT_ROOT "${VOLT_ROOT}")
set(CPACK_VOLT_PROGRAMS ${CMAKE_BINARY_DIR}/voltd ${CMAKE_BINARY_DIR}/voltctl ${CMAKE_BINARY_DIR}/voltsim)
set(CPACK_VOLT_AGENT ${CMAKE_BINARY_DIR}/volt-agent)
set(CPACK_DEBIAN_VOLTD_PACKAGE_RECOMMENDS "mosquitto, ca-certificates")
set(CPACK_DEBIAN_VOLTD_PACKAGE_SUGGESTS "sqlite3, mosquitto-clients, voltd-agent, victoria-metrics, curl, openssl")
set(CPACK_DEBIAN_VOLTD_DESCRIPTION
"energy controller for an off-grid site
voltd reads a Victron GX and a Sol-Ark inverter over Modbus TCP, decides by
the measured battery voltage what may run, and switches miners, fans and
heaters through MQTT relays. voltctl shows why, and edits settings; voltsim
is a simulated site to try it on.")
set(CPACK_DEBIAN_AGENT_DESCRIPTION
"site of voltd for programs that use a language model
volt-agent serves the Model Context Protocol: a model can read the state,
history and settings of a site, and try changes; it can make none. It answers
questions in words, and keeps the conversations.")
set(CPACK_DEBIAN_AGENT_PACKAGE_RECOMMENDS "poppler-utils, ca-certificates, nftables")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_VOLTD_PACKAGE_CONTROL_EXTRA
  ${here}/package/postinst ${here}/package/prerm ${here}/package/postrm ${here}/package/conffiles)
set(CPACK_DEBIAN_AGENT_PACKAGE_CONTROL_EXTRA
  ${here}/package/agent/postinst ${here}/package/agent/prerm ${here}/package/agent/postrm)
include(CPack)
