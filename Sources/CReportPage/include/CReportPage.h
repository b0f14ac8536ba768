#ifndef CREPORTPAGE_H
#define CREPORTPAGE_H

// The files of the report's page, as they stand in the folder Page: the program holds them and runs without the folder.

#include <stddef.h>

// Each gives the first byte of a text of UTF-8 that stays for good, and sets its length.
const unsigned char *report_page_frame(size_t *length);
const unsigned char *report_page_style(size_t *length);
const unsigned char *report_page_script(size_t *length);

#endif
