// Texts for the console.
#pragma once

#include <windows.h>

#include <string>

// Utf8 is what the console gets.
std::string Utf8(const wchar_t *text);

// ShownUrl is a URL without what is secret in it: it ends before the stream key,
// and has neither parameters nor a password.
std::string ShownUrl(const std::wstring &url);

// ErrorText says in words what a method answered. It takes what the method left
// for its caller (IErrorInfo), so call it directly afterwards.
std::string ErrorText(HRESULT hr);
