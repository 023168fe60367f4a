// What the Go side calls of a property page's window. Only <stdint.h> types stand
// here, as in seam.h. All of it is called on the thread of the window.
#ifndef PAGE_H
#define PAGE_H
#include <stdint.h>

typedef struct Page Page; // the COM object; Go sees an opaque pointer

// page_windows.c: tells the frame.
void pageStatus(Page *p, int32_t dirty);

// window_windows.c: the controls, by number. Texts are UTF-16 with a NUL.
int32_t windowTextLength(Page *p, int32_t id);
int32_t windowText(Page *p, int32_t id, uint16_t *text, int32_t room); // its length
void windowSetText(Page *p, int32_t id, const uint16_t *text);
int32_t windowChecked(Page *p, int32_t id);
void windowSetChecked(Page *p, int32_t id, int32_t on);
void windowEnable(Page *p, int32_t id, int32_t on);
void windowFocus(Page *p, int32_t id);
int32_t windowFocused(Page *p);
void windowPoint(Page *p, int32_t id, const uint16_t *title, const uint16_t *message);
void windowUnpoint(Page *p);
void windowHint(Page *p, int32_t id, const uint16_t *text);
#endif
