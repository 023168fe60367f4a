// The property page as the C files see it.
#ifndef PAGE_WINDOWS_H
#define PAGE_WINDOWS_H
#include "com.h"
#include "page.h"

struct Page {
    IPropertyPage page;
    LONG ref;
    uintptr_t h; // cgo.Handle of the page in Go

    // A page belongs to the thread of its window: nothing is locked.
    IPropertyPageSite *site;
    Filter *filter; // NULL: no object
    BOOL active;    // between Activate and Deactivate
    HWND dialog;    // NULL also when a frame has destroyed it
    HWND hints;     // tooltips
    HWND balloon;   // the message at a field, NULL when there is none
};

// window_windows.c
HWND windowCreate(Page *p, HWND parent); // hidden; without a page it is for measuring only
void windowDestroy(Page *p);
#endif
