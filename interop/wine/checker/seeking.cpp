// seeking.cpp: IMediaSeeking, which is optional (item 28).
#include "pins.h"

// checkSeeking calls every method, with and without out pointers. Only that they
// answer is fixed.
static void checkSeeking(IMediaSeeking *seeking)
{
    DWORD flags = 0;
    GUID format = TIME_FORMAT_MEDIA_TIME;
    LONGLONG one = 0, two = 0;
    double rate = 1;
    std::string answers;
#define ANSWER(call) answers += " " + hrName(seeking->call)
    ANSWER(GetCapabilities(&flags));
    ANSWER(CheckCapabilities(&flags));
    ANSWER(IsFormatSupported(&format));
    ANSWER(QueryPreferredFormat(&format));
    ANSWER(GetTimeFormat(&format));
    ANSWER(IsUsingTimeFormat(&format));
    ANSWER(SetTimeFormat(&format));
    ANSWER(GetDuration(&one));
    ANSWER(GetStopPosition(&one));
    ANSWER(GetCurrentPosition(&one));
    ANSWER(ConvertTimeFormat(&one, &format, 1, &format));
    ANSWER(SetPositions(&one, AM_SEEKING_AbsolutePositioning, &two, AM_SEEKING_NoPositioning));
    ANSWER(GetPositions(&one, &two));
    ANSWER(GetAvailable(&one, &two));
    ANSWER(SetRate(1));
    ANSWER(GetRate(&rate));
    ANSWER(GetPreroll(&one));
    ANSWER(GetCapabilities(nullptr));
    ANSWER(CheckCapabilities(nullptr));
    ANSWER(IsFormatSupported(nullptr));
    ANSWER(QueryPreferredFormat(nullptr));
    ANSWER(GetTimeFormat(nullptr));
    ANSWER(IsUsingTimeFormat(nullptr));
    ANSWER(SetTimeFormat(nullptr));
    ANSWER(GetDuration(nullptr));
    ANSWER(GetStopPosition(nullptr));
    ANSWER(GetCurrentPosition(nullptr));
    ANSWER(ConvertTimeFormat(nullptr, nullptr, 1, nullptr));
    ANSWER(SetPositions(nullptr, AM_SEEKING_NoPositioning, nullptr, AM_SEEKING_NoPositioning));
    ANSWER(SetPositions(nullptr, AM_SEEKING_AbsolutePositioning, nullptr, AM_SEEKING_AbsolutePositioning));
    ANSWER(GetPositions(nullptr, nullptr));
    ANSWER(GetAvailable(nullptr, nullptr));
    ANSWER(GetRate(nullptr));
    ANSWER(GetPreroll(nullptr));
#undef ANSWER
    CHECK(true, "every method answers:%s", answers.substr(0, 900).c_str());
}

void seeking()
{
    Rig rig(0, dataURL());
    auto seeking = query<IMediaSeeking>(rig.filter);
    if (!seeking) {
        CHECK(true, "no IMediaSeeking: it is optional");
        return;
    }
    checkSeeking(seeking);
    rig.connect(0);
    checkSeeking(seeking);
    rig.run();
    checkSeeking(seeking);
    rig.stop();
    seeking->Release();
}
