# CPack runs this on the files to pack: Debian wants man pages and the changelog compressed, always to the same bytes.
file(GLOB_RECURSE texts ${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/man/*.[1-9] ${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/doc/*/changelog)
foreach(text ${texts})
  execute_process(COMMAND gzip -9 -n ${text} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
