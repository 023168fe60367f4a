//go:build windows && cgo

// The window of a property page: the dialog, its controls, and the two kinds of
// tooltip that it has.
#include "page_windows.h"
#include <commctrl.h>

enum { TIMER = 1, SECOND = 1000 };

// Whether red can be read on the colour of dialogs.
static BOOL onLight(void)
{
    COLORREF c = GetSysColor(COLOR_BTNFACE);
    return GetRValue(c) + GetGValue(c) + GetBValue(c) > 3 * 0x80;
}

// The line that tells what is wrong; the others, and its background, are as usual.
static INT_PTR colour(HWND w, WPARAM dc, LPARAM control)
{
    INT_PTR brush;
    if (GetDlgCtrlID((HWND)control) != goPageErrorID() || !onLight())
        return FALSE;
    brush = DefWindowProcW(w, WM_CTLCOLORSTATIC, dc, control);
    SetTextColor((HDC)dc, RGB(0xb0, 0, 0));
    return brush;
}

static void forget(Page *p)
{
    goPageClose(p->h);
    if (p->hints)
        DestroyWindow(p->hints); // Windows gave it to the frame, not to the dialog
    p->dialog = p->hints = NULL;
}

static INT_PTR CALLBACK procedure(HWND w, UINT message, WPARAM wp, LPARAM lp)
{
    Page *p;
    if (message == WM_INITDIALOG) {
        SetWindowLongPtrW(w, DWLP_USER, lp);
        return FALSE; // the frame says where the keyboard is
    }
    p = (Page *)GetWindowLongPtrW(w, DWLP_USER);
    if (!p || w != p->dialog) // for measuring, or not ready yet
        return FALSE;
    switch (message) {
    case WM_COMMAND:
        IPropertyPage_AddRef(&p->page);
        goPageCommand(p->h, LOWORD(wp), HIWORD(wp));
        IPropertyPage_Release(&p->page);
        return TRUE;
    case WM_TIMER:
        goPageTick(p->h);
        return TRUE;
    case WM_CTLCOLORSTATIC:
        return colour(w, wp, lp);
    case WM_DESTROY: // by Deactivate, or by a frame that forgot it
        forget(p);
        return TRUE;
    }
    return FALSE;
}

static HWND createTips(HWND owner, DWORD style)
{
    HWND tips = CreateWindowExW(WS_EX_TOPMOST, TOOLTIPS_CLASSW, NULL, WS_POPUP | TTS_NOPREFIX | TTS_ALWAYSTIP | style,
        CW_USEDEFAULT, CW_USEDEFAULT, CW_USEDEFAULT, CW_USEDEFAULT, owner, NULL, g_module, NULL);
    RECT room = { 0, 0, 260, 8 };
    MapDialogRect(owner, &room);
    if (tips)
        SendMessageW(tips, TTM_SETMAXTIPWIDTH, 0, room.right); // with it, lines are broken
    return tips;
}

HWND windowCreate(Page *p, HWND parent)
{
    INITCOMMONCONTROLSEX tips = { sizeof tips, ICC_BAR_CLASSES };
    void *template = goPageTemplate(); // from malloc: aligned as Windows wants it
    HWND w = NULL;
    if (template)
        w = CreateDialogIndirectParamW(g_module, template, parent, procedure, (LPARAM)p);
    free(template);
    if (w && p) {
        InitCommonControlsEx(&tips);
        p->hints = createTips(w, 0);
        SetTimer(w, TIMER, SECOND, NULL); // Windows ends it with the window
    }
    return w;
}

void windowDestroy(Page *p)
{
    HWND w = p->dialog;
    p->active = FALSE;
    if (!w)
        return;
    forget(p);
    // Windows may look through a parent's children for one to give the keyboard to,
    // and must not go into a dialog that ends.
    SetWindowLongPtrW(w, GWL_EXSTYLE, GetWindowLongPtrW(w, GWL_EXSTYLE) & ~WS_EX_CONTROLPARENT);
    SetWindowLongPtrW(w, DWLP_USER, 0);
    DestroyWindow(w);
}

static HWND item(Page *p, int32_t id) { return GetDlgItem(p->dialog, id); }

int32_t windowTextLength(Page *p, int32_t id) { return GetWindowTextLengthW(item(p, id)); }

int32_t windowText(Page *p, int32_t id, uint16_t *text, int32_t room)
{
    return GetWindowTextW(item(p, id), (WCHAR *)text, room);
}

void windowSetText(Page *p, int32_t id, const uint16_t *text) { SetWindowTextW(item(p, id), (const WCHAR *)text); }

int32_t windowChecked(Page *p, int32_t id) { return IsDlgButtonChecked(p->dialog, id) == BST_CHECKED; }

void windowSetChecked(Page *p, int32_t id, int32_t on)
{
    CheckDlgButton(p->dialog, id, on ? BST_CHECKED : BST_UNCHECKED);
}

void windowEnable(Page *p, int32_t id, int32_t on)
{
    HWND w = item(p, id);
    if (!IsWindowEnabled(w) == !on)
        return;
    EnableWindow(w, on);
}

// Not SetFocus, which does not tell the dialog: it would lose its default button.
void windowFocus(Page *p, int32_t id)
{
    HWND w = item(p, id);
    SendMessageW(p->dialog, WM_NEXTDLGCTL, (WPARAM)w, TRUE);
    if (SendMessageW(w, WM_GETDLGCODE, 0, 0) & DLGC_HASSETSEL)
        SendMessageW(w, EM_SETSEL, 0, -1);
}

int32_t windowFocused(Page *p)
{
    HWND w = GetFocus();
    return w && IsChild(p->dialog, w) ? GetDlgCtrlID(w) : 0;
}

// windowPoint shows a balloon below the control's left edge. EM_SHOWBALLOONTIP would
// do it for an edit alone, and in programs with version 6 of the common controls
// alone, which a program that loads a filter need not have.
void windowPoint(Page *p, int32_t id, const uint16_t *title, const uint16_t *message)
{
    HWND w = item(p, id);
    TTTOOLINFOW tool = { TTTOOLINFOW_V1_SIZE, TTF_IDISHWND | TTF_TRACK | TTF_ABSOLUTE, p->dialog, (UINT_PTR)w };
    RECT r;
    windowUnpoint(p);
    if (!IsWindowVisible(w) || !(p->balloon = createTips(p->dialog, TTS_BALLOON)))
        return;
    tool.lpszText = (WCHAR *)message;
    GetWindowRect(w, &r);
    SendMessageW(p->balloon, TTM_ADDTOOLW, 0, (LPARAM)&tool);
    SendMessageW(p->balloon, TTM_SETTITLEW, TTI_ERROR, (LPARAM)title);
    SendMessageW(p->balloon, TTM_TRACKPOSITION, 0, MAKELPARAM(r.left + (r.bottom - r.top), r.bottom));
    SendMessageW(p->balloon, TTM_TRACKACTIVATE, TRUE, (LPARAM)&tool);
}

void windowUnpoint(Page *p)
{
    if (p->balloon)
        DestroyWindow(p->balloon);
    p->balloon = NULL;
}

void windowHint(Page *p, int32_t id, const uint16_t *text)
{
    TTTOOLINFOW tool = { TTTOOLINFOW_V1_SIZE, TTF_IDISHWND | TTF_SUBCLASS, p->dialog, (UINT_PTR)item(p, id) };
    tool.lpszText = (WCHAR *)text;
    SendMessageW(p->hints, TTM_DELTOOLW, 0, (LPARAM)&tool);
    if (*text)
        SendMessageW(p->hints, TTM_ADDTOOLW, 0, (LPARAM)&tool);
}
