; The installer: both filters, the header, the documentation, the samples.
; scripts/dist.sh runs makensis with
;   VERSION   like 0.4.0          VERSION4  like 0.4.0.0
;   STAGE     the folder with the files, as in the zip
;   FILES     the list of them: macros FILES_… and REMOVE_FILES
;   OUTFILE   where to write
;   WIDE      when defined, the installer itself is a 64-bit program
;   SIGN      when defined, a command that signs the file named behind it
; Switches of the installer: /S silent, /D=FOLDER (the last one, without quotes).
; It ends with 0, with 3 when a filter could not be registered, with 740 without the
; rights of an administrator, with 1150 on a Windows that is too old.

!ifdef WIDE
Target amd64-unicode
!pragma warning disable 6012 ; what asks for 64-bit Windows has one answer there
!endif
Unicode true
SetCompressor /SOLID lzma
RequestExecutionLevel admin
ManifestDPIAware true

!include MUI2.nsh
!include LogicLib.nsh
!include x64.nsh
!include FileFunc.nsh
!include WinVer.nsh

!define NAME "RTMP Writer"
!define FILTER nRtmpRenderer.ax
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\nRtmpRenderer"

Name "${NAME} ${VERSION}"
OutFile "${OUTFILE}"
BrandingText "nRtmpRenderer.ax ${VERSION}"
ShowInstDetails show
ShowUninstDetails show

VIProductVersion ${VERSION4}
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installs the DirectShow filter nRtmpRenderer.ax"
VIAddVersionKey LegalCopyright "The RTMP Writer authors, MIT licence"

!ifdef SIGN
!uninstfinalize '${SIGN} "%1"'
!finalize '${SIGN} "%1"'
!endif

!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_NOAUTOCLOSE
!define MUI_UNFINISHPAGE_NOAUTOCLOSE
!insertmacro MUI_PAGE_LICENSE "${STAGE}/LICENSE.txt"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English

Var failures ; a line for each filter that could not be registered

; --- what installer and uninstaller both need --------------------------------

!macro FUNCTIONS un
; The whole machine, and on 64-bit Windows its 64-bit registry.
Function ${un}Begin
	SetShellVarContext all
	${If} ${RunningX64}
		SetRegView 64
	${EndIf}
	UserInfo::GetAccountType
	Pop $0
	${If} $0 != "Admin"
		MessageBox MB_ICONSTOP "This needs the rights of an administrator." /SD IDOK
		SetErrorLevel 740 ; ERROR_ELEVATION_REQUIRED
		Quit
	${EndIf}
FunctionEnd

; Takes away the file on the stack. One that a running program has loaded is
; renamed, which Windows allows, and goes when the machine starts the next time.
Function ${un}Remove
	Exch $0
	Push $1
	${If} ${FileExists} $0
		ClearErrors
		Delete $0
		${If} ${Errors}
			System::Call kernel32::GetTickCount()i.r1
			ClearErrors
			Rename $0 "$0.$1.old"
			${IfNot} ${Errors}
				DetailPrint "In use, renamed: $0"
				Delete /REBOOTOK "$0.$1.old"
			${Else}
				Delete /REBOOTOK $0
			${EndIf}
		${EndIf}
	${EndIf}
	Delete "$0.*.old" ; those of earlier times that are free by now
	ClearErrors
	Pop $1
	Pop $0
FunctionEnd

; Runs the regsvr32 on the stack's second place, with the switches and the file on
; its top, and keeps what went wrong.
Function ${un}RunRegsvr
	Exch $0 ; switches and file
	Exch
	Exch $1 ; regsvr32
	Push $2
	ClearErrors
	ExecWait '"$1" /s $0' $2
	${If} ${Errors}
		StrCpy $2 "could not be started"
	${ElseIf} $2 = 0
		StrCpy $2 ""
	${ElseIf} $2 = 3
		StrCpy $2 "could not load the file"
	${Else}
		StrCpy $2 "ended with code $2"
	${EndIf}
	${If} $2 != ""
		DetailPrint "FAILED: $1 $0: $2"
		StrCpy $failures "$failures$\r$\n$0: regsvr32 $2"
	${Else}
		DetailPrint "regsvr32 $0"
	${EndIf}
	Pop $2
	Pop $1
	Pop $0
FunctionEnd

!macroend
!insertmacro FUNCTIONS ""
!insertmacro FUNCTIONS "un."

; Registers each filter with the regsvr32 of its own kind; SWITCH is "" or "/u ".
; A 32-bit installer finds the 64-bit one below Sysnative, a 64-bit installer the
; 32-bit one below SysWOW64, when this Windows runs 32-bit programs at all.
!macro REGISTER un SWITCH
	StrCpy $failures ""
	${If} ${RunningX64}
		!ifdef WIDE
			Push "$SYSDIR\regsvr32.exe"
		!else
			Push "$WINDIR\Sysnative\regsvr32.exe"
		!endif
		Push '${SWITCH}"$INSTDIR\x64\${FILTER}"'
		Call ${un}RunRegsvr
	${EndIf}
	!ifdef WIDE
		StrCpy $0 "$WINDIR\SysWOW64\regsvr32.exe"
	!else
		StrCpy $0 "$SYSDIR\regsvr32.exe"
	!endif
	${If} ${FileExists} $0
		Push $0
		Push '${SWITCH}"$INSTDIR\x86\${FILTER}"'
		Call ${un}RunRegsvr
	${Else}
		DetailPrint "This Windows runs no 32-bit programs: the x86 filter is left alone."
	${EndIf}
	ClearErrors
!macroend

; The list that scripts/dist.sh writes uses these two.
!macro PLACE FOLDER FILE
	Push "$INSTDIR${FOLDER}\${FILE}"
	Call Remove
	SetOutPath "$INSTDIR${FOLDER}"
	File "${STAGE}${FOLDER}\${FILE}"
!macroend
!macro REMOVE FOLDER FILE
	Push "$INSTDIR${FOLDER}\${FILE}"
	Call un.Remove
!macroend
!include "${FILES}"

; --- installing --------------------------------------------------------------

Function .onInit
	Call Begin
	${IfNot} ${AtLeastWin10} ; as Go's runtime
		MessageBox MB_ICONSTOP "This needs Windows 10, Windows Server 2016 or later." /SD IDOK
		SetErrorLevel 1150 ; ERROR_OLD_WIN_VERSION
		Quit
	${EndIf}
	ReadRegStr $0 HKLM "${KEY}" InstallLocation
	${If} $INSTDIR != ""
		Return ; /D=
	${EndIf}
	StrCpy $INSTDIR $0
	${If} $INSTDIR == ""
		StrCpy $INSTDIR "$PROGRAMFILES\${NAME}"
		${If} ${RunningX64}
			StrCpy $INSTDIR "$PROGRAMFILES64\${NAME}"
		${EndIf}
	${EndIf}
FunctionEnd

Section "Filters" filters
	SectionIn RO
	; An older version in another folder would stay behind.
	ReadRegStr $0 HKLM "${KEY}" InstallLocation
	${If} $0 != ""
	${AndIf} $0 != $INSTDIR
	${AndIf} ${FileExists} "$0\uninstall.exe"
		DetailPrint "Removing the version in $0"
		ExecWait '"$0\uninstall.exe" /S _?=$0'
		Delete "$0\uninstall.exe"
		RMDir $0
	${EndIf}

	!insertmacro FILES_TOP
	!insertmacro FILES_X86
	${If} ${RunningX64}
		!insertmacro FILES_X64
	${EndIf}
	SetOutPath $INSTDIR
	WriteUninstaller "$INSTDIR\uninstall.exe"

	WriteRegStr HKLM "${KEY}" DisplayName "${NAME} (DirectShow filter nRtmpRenderer.ax)"
	WriteRegStr HKLM "${KEY}" DisplayVersion "${VERSION}"
	WriteRegStr HKLM "${KEY}" Publisher "The RTMP Writer authors"
	WriteRegStr HKLM "${KEY}" InstallLocation $INSTDIR
	WriteRegStr HKLM "${KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
	WriteRegStr HKLM "${KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
	WriteRegDWORD HKLM "${KEY}" NoModify 1
	WriteRegDWORD HKLM "${KEY}" NoRepair 1
SectionEnd

Section "Docs, header, samples" developer
	!insertmacro FILES_INCLUDE
	!insertmacro FILES_DOCS
	!insertmacro FILES_EXAMPLES
SectionEnd

Section "Start menu entry" menu
	CreateDirectory "$SMPROGRAMS\${NAME}"
	CreateShortcut "$SMPROGRAMS\${NAME}\Read me.lnk" "$INSTDIR\README.txt"
	${If} ${FileExists} "$INSTDIR\docs\directshow.md"
		CreateShortcut "$SMPROGRAMS\${NAME}\Documentation.lnk" "$WINDIR\notepad.exe" '"$INSTDIR\docs\directshow.md"'
	${EndIf}
SectionEnd

Section -Register
	${GetSize} $INSTDIR "/S=0K" $0 $1 $2
	WriteRegDWORD HKLM "${KEY}" EstimatedSize $0
	!insertmacro REGISTER "" ""
	${If} $failures != ""
		SetErrorLevel 3
		MessageBox MB_ICONEXCLAMATION "The files are installed, but not every filter could be registered:$\r$\n$failures" /SD IDOK
	${EndIf}
	${If} ${RebootFlag}
		DetailPrint "A running program has the old filter loaded and keeps it until it ends; its file goes when Windows starts the next time."
		SetRebootFlag false
	${EndIf}
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
!insertmacro MUI_DESCRIPTION_TEXT ${filters} "nRtmpRenderer.ax for 64-bit and 32-bit programs, registered; the sample program publish.exe."
!insertmacro MUI_DESCRIPTION_TEXT ${developer} "What you need to write programs for the filter."
!insertmacro MUI_DESCRIPTION_TEXT ${menu} "Links to the documentation."
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; --- uninstalling ------------------------------------------------------------

Function un.onInit
	Call un.Begin
FunctionEnd

Section "un.Everything"
	!insertmacro REGISTER "un." "/u "
	${If} $failures != ""
		SetErrorLevel 3
		MessageBox MB_ICONEXCLAMATION "Not every filter could be taken out of the registry:$\r$\n$failures" /SD IDOK
	${EndIf}
	Delete "$SMPROGRAMS\${NAME}\Read me.lnk"
	Delete "$SMPROGRAMS\${NAME}\Documentation.lnk"
	RMDir "$SMPROGRAMS\${NAME}"
	!insertmacro REMOVE_FILES
	DeleteRegKey HKLM "${KEY}"
	Delete "$INSTDIR\uninstall.exe"
	RMDir /REBOOTOK $INSTDIR ; only when it is empty: the user's own files stay
SectionEnd
