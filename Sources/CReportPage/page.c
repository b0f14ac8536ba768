#include "CReportPage.h"

// C23's #embed: clang has it in every mode, and only warns of that. SwiftPM's own embedding makes an array literal of
// each file, which takes the compiler 20 s for 90 kB.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char frame[] = {
#embed "Page/page.html"
};

static const unsigned char style[] = {
#embed "Page/page.css"
};

// One script, in the order of the numbers.
static const unsigned char script[] = {
#embed "Page/1-dom.js"
    ,
#embed "Page/2-time.js"
    ,
#embed "Page/3-data.js"
    ,
#embed "Page/4-focus.js"
    ,
#embed "Page/5-chart.js"
    ,
#embed "Page/6-overview.js"
    ,
#embed "Page/7-spacetime.js"
    ,
#embed "Page/8-findings.js"
    ,
#embed "Page/9-curves.js"
    ,
#embed "Page/10-events.js"
    ,
#embed "Page/11-detail.js"
    ,
#embed "Page/12-main.js"
};

const unsigned char *report_page_frame(size_t *length) {
    *length = sizeof frame;
    return frame;
}

const unsigned char *report_page_style(size_t *length) {
    *length = sizeof style;
    return style;
}

const unsigned char *report_page_script(size_t *length) {
    *length = sizeof script;
    return script;
}
