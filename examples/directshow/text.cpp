#include "text.h"

#include "mediatype.h" // dshow.h

#include <oleauto.h>
#include <stdio.h>

std::string Utf8(const wchar_t *text)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    if (size <= 1)
        return "";
    std::string out((size_t)size, '\0');
    WideCharToMultiByte(CP_UTF8, 0, text, -1, &out[0], size, NULL, NULL);
    out.resize((size_t)size - 1); // the NUL
    return out;
}

std::string ShownUrl(const std::wstring &url)
{
    size_t scheme = url.find(L"://");
    scheme = scheme == std::wstring::npos ? 0 : scheme + 3;
    std::wstring rest = url.substr(scheme);
    if (rest.find(L'@') != std::wstring::npos)
        return Utf8(url.substr(0, scheme).c_str()) + "...";
    size_t end = rest.find_first_of(L"?+");
    if (end == std::wstring::npos)
        end = rest.rfind(L'/');
    if (end == std::wstring::npos)
        return "...";
    return Utf8(url.substr(0, scheme + end + 1).c_str()) + "...";
}

std::string ErrorText(HRESULT hr)
{
    std::string text;
    IErrorInfo *info;
    if (GetErrorInfo(0, &info) == S_OK) {
        BSTR said = NULL;
        if (info->GetDescription(&said) == S_OK && said)
            text = Utf8(said);
        SysFreeString(said);
        info->Release();
    }
    WCHAR known[MAX_ERROR_TEXT_LEN] = L"";
    if (text.empty() && AMGetErrorTextW(hr, known, MAX_ERROR_TEXT_LEN) > 0)
        text = Utf8(known);
    while (!text.empty() && (text[text.size() - 1] == '\n' || text[text.size() - 1] == '\r'))
        text.resize(text.size() - 1);
    char code[32];
    sprintf(code, "HRESULT 0x%08lX", (unsigned long)hr);
    return text.empty() ? code : text + " (" + code + ")";
}
